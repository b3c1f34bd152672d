package dev.accrete.nn.image;

import dev.accrete.nn.image.Pixels.Planar;

/**
 * How a picture must be turned to be upright: the tag Orientation of EXIF 2.32, section 4.6.4,
 * which says where the first row and the first column of the stored picture belong.
 */
enum Orientation {
  NORMAL,
  MIRRORED,
  HALF_TURN,
  FLIPPED,
  TRANSPOSED,
  CLOCKWISE,
  ANTI_TRANSPOSED,
  COUNTER_CLOCKWISE;

  private static final int TAG = 0x0112;
  private static final int MAX_ENTRIES = 1000;

  private boolean swapsSides() {
    return compareTo(TRANSPOSED) >= 0;
  }

  /** The picture upright; the same one if it is already. */
  Planar upright(Planar stored) {
    if (this == NORMAL) {
      return stored;
    }
    int width = swapsSides() ? stored.height() : stored.width();
    int height = swapsSides() ? stored.width() : stored.height();
    byte[] turned = new byte[stored.levels().length];
    for (int c = 0; c < stored.planes(); c++) {
      int plane = c * width * height;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          turned[plane + y * width + x] = stored.levels()[plane + from(x, y, stored)];
        }
      }
    }
    return new Planar(turned, stored.planes(), height, width);
  }

  /** The place in the stored plane of the pixel that belongs at column x and row y. */
  private int from(int x, int y, Planar stored) {
    int right = stored.width() - 1;
    int bottom = stored.height() - 1;
    int column =
        switch (this) {
          case NORMAL, FLIPPED -> x;
          case MIRRORED, HALF_TURN -> right - x;
          case TRANSPOSED, CLOCKWISE -> y;
          case ANTI_TRANSPOSED, COUNTER_CLOCKWISE -> right - y;
        };
    int row =
        switch (this) {
          case NORMAL, MIRRORED -> y;
          case HALF_TURN, FLIPPED -> bottom - y;
          case TRANSPOSED, COUNTER_CLOCKWISE -> x;
          case CLOCKWISE, ANTI_TRANSPOSED -> bottom - x;
        };
    return row * stored.width() + column;
  }

  /**
   * Reads the tag from an EXIF block. One that makes no sense turns nothing: the picture itself is
   * not damaged by it.
   *
   * @param start of the block, at {@code Exif\0\0} or at the TIFF header itself
   */
  static Orientation of(Bytes bytes, int start, int end) {
    try {
      int tiff = bytes.has(start, "Exif\0") ? start + 6 : start;
      boolean little = bytes.has(tiff, "II");
      if (!little && !bytes.has(tiff, "MM")) {
        return NORMAL;
      }
      long directory = tiff + (little ? bytes.u32le(tiff + 4) : bytes.u32(tiff + 4));
      if (directory + 2 > end) {
        return NORMAL;
      }
      int entries = u16(bytes, (int) directory, little);
      for (int i = 0; i < Math.min(entries, MAX_ENTRIES); i++) {
        int entry = (int) directory + 2 + 12 * i;
        if (entry + 12 > end) {
          return NORMAL;
        }
        if (u16(bytes, entry, little) == TAG) {
          int value = u16(bytes, entry + 8, little);
          return value >= 1 && value <= values().length ? values()[value - 1] : NORMAL;
        }
      }
      return NORMAL;
    } catch (DamageException e) {
      return NORMAL;
    }
  }

  private static int u16(Bytes bytes, int at, boolean little) throws DamageException {
    return little ? bytes.u16le(at) : bytes.u16(at);
  }
}
