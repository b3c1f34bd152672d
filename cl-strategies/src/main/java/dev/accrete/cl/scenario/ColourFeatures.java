package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;

/** What an image looks like from afar: its planes averaged down to an 8 x 8 grid. */
final class ColourFeatures {
  private static final int GRID = 8;

  private ColourFeatures() {}

  /**
   * One vector of {@code channels * 64} mean intensities in 0..255 for each image listed. An image
   * side shorter than 8 repeats pixels.
   */
  static float[][] of(ImageSet set, int[] images) {
    byte[] pixels = new byte[set.channels() * set.height() * set.width()];
    float[][] features = new float[images.length][];
    for (int i = 0; i < images.length; i++) {
      set.read(images[i], pixels, 0);
      features[i] = pooled(pixels, set.channels(), set.height(), set.width());
    }
    return features;
  }

  private static float[] pooled(byte[] pixels, int channels, int height, int width) {
    float[] features = new float[channels * GRID * GRID];
    for (int c = 0; c < channels; c++) {
      for (int gy = 0; gy < GRID; gy++) {
        for (int gx = 0; gx < GRID; gx++) {
          features[(c * GRID + gy) * GRID + gx] =
              mean(
                  pixels,
                  c * height * width,
                  width,
                  from(gy, height),
                  to(gy, height),
                  from(gx, width),
                  to(gx, width));
        }
      }
    }
    return features;
  }

  private static int from(int cell, int side) {
    return cell * side / GRID;
  }

  private static int to(int cell, int side) {
    return Math.max(from(cell, side) + 1, from(cell + 1, side));
  }

  private static float mean(byte[] pixels, int plane, int width, int y0, int y1, int x0, int x1) {
    int sum = 0;
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        sum += Byte.toUnsignedInt(pixels[plane + y * width + x]);
      }
    }
    return (float) sum / ((y1 - y0) * (x1 - x0));
  }
}
