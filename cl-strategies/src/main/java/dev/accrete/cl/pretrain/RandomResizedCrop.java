package dev.accrete.cl.pretrain;

import dev.accrete.core.Rng;

/**
 * Random resized crops (Szegedy et al. 2015): a window of random area, shape and place, brought to
 * the size of the whole image by bilinear interpolation.
 *
 * <p>The area is uniform between a least part of the image's and all of it, the aspect ratio
 * log-uniform between 3:4 and 4:3. A window that does not fit is drawn again, up to {@value #TRIES}
 * times; then the whole image is taken.
 */
final class RandomResizedCrop {
  private static final int TRIES = 10;
  private static final double WIDEST = 4.0 / 3;

  private final int channels;
  private final int height;
  private final int width;

  /** A part of an image, in pixels; its edges may lie within pixels. */
  record Window(double top, double left, double height, double width) {}

  /** For images u8 [channels, height, width]. */
  RandomResizedCrop(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  /** Draws a window of at least {@code leastArea}, in (0, 1], of the image. */
  Window draw(Rng rng, double leastArea) {
    for (int i = 0; i < TRIES; i++) {
      double area = (leastArea + (1 - leastArea) * rng.nextDouble()) * height * width;
      double ratio = Math.pow(WIDEST, 2 * rng.nextDouble() - 1);
      double wide = Math.sqrt(area * ratio);
      double high = Math.sqrt(area / ratio);
      if (wide <= width && high <= height) {
        return new Window(
            rng.nextDouble() * (height - high), rng.nextDouble() * (width - wide), high, wide);
      }
    }
    return new Window(0, 0, height, width);
  }

  /** Writes the window of the image at {@code from}, resized to the whole image, to {@code to}. */
  void apply(byte[] from, int fromOffset, Window window, byte[] to, int toOffset) {
    int[] column = new int[width];
    float[] right = new float[width];
    for (int j = 0; j < width; j++) {
      double x = at(j, window.left, window.width, width);
      column[j] = Math.min((int) x, Math.max(0, width - 2));
      right[j] = (float) (x - column[j]);
    }
    float[] line = new float[width + 1];
    for (int i = 0; i < height; i++) {
      double y = at(i, window.top, window.height, height);
      int row = Math.min((int) y, Math.max(0, height - 2));
      float below = (float) (y - row);
      int next = height > 1 ? width : 0;
      for (int c = 0; c < channels; c++) {
        int upper = fromOffset + (c * height + row) * width;
        for (int j = 0; j < width; j++) {
          float above = from[upper + j] & 0xFF;
          line[j] = above + below * ((from[upper + next + j] & 0xFF) - above);
        }
        line[width] = line[width - 1];
        int out = toOffset + (c * height + i) * width;
        for (int j = 0; j < width; j++) {
          float value = line[column[j]];
          value += right[j] * (line[column[j] + 1] - value);
          to[out + j] = (byte) (int) (value + 0.5f);
        }
      }
    }
  }

  /**
   * Where the centre of pixel {@code i} of the result lies in the image, kept within its centres.
   */
  private static double at(int i, double start, double extent, int size) {
    return Math.clamp(start + (i + 0.5) * extent / size - 0.5, 0.0, size - 1.0);
  }
}
