package dev.accrete.nn.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;

/**
 * Turns an image of any colour model into planes of eight-bit levels, on white where it is clear.
 */
final class Pixels {
  private Pixels() {}

  /** One plane (grey) or three, row by row. */
  record Planar(
      @SuppressWarnings("ArrayRecordComponent") byte[] levels, int planes, int height, int width) {}

  /**
   * The planes of an image.
   *
   * @param transparent level of a grey image that is transparent, or {@link Outline#OPAQUE}
   */
  static Planar of(BufferedImage image, int transparent) {
    boolean grey = isGrey(image.getColorModel());
    byte[] levels;
    if (image.getType() == BufferedImage.TYPE_BYTE_GRAY
        || image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
      levels = direct(image, grey ? 1 : 3);
    } else if (grey) {
      levels = grey(image, transparent);
    } else {
      levels = converted(image);
    }
    return new Planar(levels, grey ? 1 : 3, image.getHeight(), image.getWidth());
  }

  /**
   * Grey images are read raw: Java's colour conversion would treat them as linear light and change
   * every level.
   */
  private static boolean isGrey(ColorModel model) {
    return model instanceof ComponentColorModel
        && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && (model.getTransferType() == DataBuffer.TYPE_BYTE
            || model.getTransferType() == DataBuffer.TYPE_USHORT);
  }

  /** Eight-bit samples in sRGB already: several times faster than going through a colour model. */
  private static byte[] direct(BufferedImage image, int planes) {
    int width = image.getWidth();
    int count = width * image.getHeight();
    byte[] result = new byte[planes * count];
    byte[] row = new byte[planes * width];
    for (int j = 0; j < image.getHeight(); j++) {
      image.getRaster().getDataElements(0, j, width, 1, row);
      for (int i = 0; i < width; i++) {
        for (int c = 0; c < planes; c++) {
          result[c * count + j * width + i] = row[planes * i + c];
        }
      }
    }
    return result;
  }

  /** Grey of up to 16 bits, with or without alpha. */
  private static byte[] grey(BufferedImage image, int transparent) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    int bands = raster.getNumBands();
    int white = (1 << model.getComponentSize(0)) - 1;
    byte[] result = new byte[width * image.getHeight()];
    int[] row = new int[bands * width];
    for (int j = 0; j < image.getHeight(); j++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + j, width, 1, row);
      for (int i = 0; i < width; i++) {
        int level = eightBits(row[bands * i], white);
        if (model.hasAlpha()) {
          int alpha = level == transparent ? 0 : eightBits(row[bands * i + 1], white);
          level =
              model.isAlphaPremultiplied()
                  ? Math.min(255, level + 255 - alpha)
                  : onWhite(level, alpha);
        }
        result[j * width + i] = (byte) level;
      }
    }
    return result;
  }

  private static int eightBits(int level, int white) {
    return (int) ((level * 255L + white / 2) / white);
  }

  private static byte[] converted(BufferedImage image) {
    int width = image.getWidth();
    int count = width * image.getHeight();
    byte[] result = new byte[3 * count];
    int[] row = new int[width];
    for (int j = 0; j < image.getHeight(); j++) {
      image.getRGB(0, j, width, 1, row, 0, width);
      for (int i = 0; i < width; i++) {
        int rgb = onWhite(row[i]);
        int k = j * width + i;
        result[k] = (byte) (rgb >> 16);
        result[count + k] = (byte) (rgb >> 8);
        result[2 * count + k] = (byte) rgb;
      }
    }
    return result;
  }

  private static int onWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb;
    }
    int result = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      result |= onWhite((argb >> shift) & 255, alpha) << shift;
    }
    return result;
  }

  private static int onWhite(int level, int alpha) {
    return (level * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}
