package dev.accrete.nn.image;

/**
 * Resizes planar u8 images: area averaging when shrinking, bilinear when growing. An image that is
 * not square is cropped to its central square first, so nothing is ever stretched.
 */
public final class Resampler {
  private Resampler() {}

  /**
   * Resizes the central square of {@code source} to {@code size} x {@code size}.
   *
   * @param source planar planes of {@code height * width} bytes each
   * @param planes 1 (grey, written three times) or 3
   * @param destination receives {@code 3 * size * size} bytes
   */
  public static void resize(
      byte[] source,
      int sourceOffset,
      int planes,
      int height,
      int width,
      int size,
      byte[] destination,
      int offset) {
    int side = Math.min(height, width);
    int top = (height - side) / 2;
    int left = (width - side) / 2;
    for (int c = 0; c < 3; c++) {
      int from = sourceOffset + (planes == 1 ? 0 : c) * height * width + top * width + left;
      int to = offset + c * size * size;
      if (planes == 1 && c > 0) {
        System.arraycopy(destination, offset, destination, to, size * size);
      } else if (side == size) {
        for (int j = 0; j < size; j++) {
          System.arraycopy(source, from + j * width, destination, to + j * size, size);
        }
      } else {
        plane(source, from, width, side, size, destination, to);
      }
    }
  }

  private static void plane(
      byte[] source, int from, int stride, int side, int size, byte[] destination, int to) {
    Taps taps = Taps.between(side, size);
    float[] rows = new float[side * size];
    for (int j = 0; j < side; j++) {
      for (int i = 0; i < size; i++) {
        float sum = 0;
        for (int k = 0; k < taps.weights[i].length; k++) {
          sum += taps.weights[i][k] * (source[from + j * stride + taps.first[i] + k] & 255);
        }
        rows[j * size + i] = sum;
      }
    }
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++) {
        float sum = 0.5f;
        for (int k = 0; k < taps.weights[j].length; k++) {
          sum += taps.weights[j][k] * rows[(taps.first[j] + k) * size + i];
        }
        destination[to + j * size + i] = (byte) (int) Math.clamp(sum, 0f, 255f);
      }
    }
  }

  /** Which source pixels make up each target pixel, and how much of each. */
  private static final class Taps {
    private final int[] first;
    private final float[][] weights;

    private Taps(int count) {
      first = new int[count];
      weights = new float[count][];
    }

    static Taps between(int from, int to) {
      Taps taps = new Taps(to);
      for (int i = 0; i < to; i++) {
        if (from > to) {
          taps.average(i, (double) i * from / to, (double) (i + 1) * from / to, from);
        } else {
          taps.interpolate(i, (i + 0.5) * from / to - 0.5, from);
        }
      }
      return taps;
    }

    private void average(int i, double low, double high, int from) {
      int start = (int) Math.floor(low);
      int end = Math.min(from, (int) Math.ceil(high - 1e-9));
      first[i] = start;
      weights[i] = new float[end - start];
      for (int k = start; k < end; k++) {
        double covered = Math.min(high, k + 1) - Math.max(low, k);
        weights[i][k - start] = (float) (covered / (high - low));
      }
    }

    private void interpolate(int i, double position, int from) {
      double inside = Math.clamp(position, 0, from - 1);
      int start = Math.min((int) inside, Math.max(0, from - 2));
      float t = (float) (inside - start);
      first[i] = start;
      weights[i] = from == 1 ? new float[] {1} : new float[] {1 - t, t};
    }
  }
}
