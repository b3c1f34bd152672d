package dev.accrete.nn.image;

import java.util.Arrays;

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
    boolean copied = side == size;
    Taps taps = copied ? Taps.NONE : Taps.between(side, size);
    float[] rows = new float[copied ? 0 : side * size];
    float[] sums = new float[copied ? 0 : size];
    for (int c = 0; c < 3; c++) {
      int from = sourceOffset + (planes == 1 ? 0 : c) * height * width + top * width + left;
      int to = offset + c * size * size;
      if (planes == 1 && c > 0) {
        System.arraycopy(destination, offset, destination, to, size * size);
      } else if (copied) {
        for (int j = 0; j < size; j++) {
          System.arraycopy(source, from + j * width, destination, to + j * size, size);
        }
      } else {
        horizontally(taps, source, from, width, side, size, rows);
        vertically(taps, rows, size, sums, destination, to);
      }
    }
  }

  private static void horizontally(
      Taps taps, byte[] source, int from, int stride, int side, int size, float[] rows) {
    boolean pairs = taps.isPairs();
    for (int j = 0; j < side; j++) {
      int line = from + j * stride;
      if (pairs) {
        for (int i = 0; i < size; i++) {
          int first = line + taps.first[i];
          rows[j * size + i] =
              taps.weights[2 * i] * (source[first] & 255)
                  + taps.weights[2 * i + 1] * (source[first + 1] & 255);
        }
        continue;
      }
      for (int i = 0; i < size; i++) {
        int first = line + taps.first[i];
        int start = taps.start[i];
        int count = taps.start[i + 1] - start;
        float sum = 0;
        for (int k = 0; k < count; k++) {
          sum += taps.weights[start + k] * (source[first + k] & 255);
        }
        rows[j * size + i] = sum;
      }
    }
  }

  /** Row by row, so that neighbouring pixels are summed side by side. */
  private static void vertically(
      Taps taps, float[] rows, int size, float[] sums, byte[] destination, int to) {
    for (int j = 0; j < size; j++) {
      Arrays.fill(sums, 0.5f);
      for (int k = taps.start[j]; k < taps.start[j + 1]; k++) {
        float weight = taps.weights[k];
        int row = (taps.first[j] + k - taps.start[j]) * size;
        for (int i = 0; i < size; i++) {
          sums[i] += weight * rows[row + i];
        }
      }
      // Never negative, and hardly above 255: weights are not negative and sum to 1.
      for (int i = 0; i < size; i++) {
        destination[to + j * size + i] = (byte) Math.min((int) sums[i], 255);
      }
    }
  }

  /**
   * Which source pixels make up each target pixel, and how much of each: weights {@code start[i]}
   * to {@code start[i + 1]} belong to the pixels from {@code first[i]}.
   */
  private static final class Taps {
    static final Taps NONE = new Taps(0, 0);

    private final int[] first;
    private final int[] start;
    private float[] weights;

    private Taps(int count, int room) {
      first = new int[count];
      start = new int[count + 1];
      weights = new float[room];
    }

    /** Whether every target pixel is made of two: growing, and shrinking to half. */
    boolean isPairs() {
      for (int i = 0; i < first.length; i++) {
        if (start[i] != 2 * i) {
          return false;
        }
      }
      return start[first.length] == 2 * first.length;
    }

    static Taps between(int from, int to) {
      Taps taps = new Taps(to, to * (from > to ? from / to + 2 : 2));
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
      int begin = (int) Math.floor(low);
      int end = Math.min(from, (int) Math.ceil(high - 1e-9));
      first[i] = begin;
      for (int k = begin; k < end; k++) {
        double covered = Math.min(high, k + 1) - Math.max(low, k);
        add(i, k - begin, (float) (covered / (high - low)));
      }
    }

    private void interpolate(int i, double position, int from) {
      double inside = Math.clamp(position, 0, from - 1);
      int begin = Math.min((int) inside, Math.max(0, from - 2));
      float t = (float) (inside - begin);
      first[i] = begin;
      add(i, 0, from == 1 ? 1 : 1 - t);
      if (from > 1) {
        add(i, 1, t);
      }
    }

    private void add(int i, int k, float weight) {
      int at = start[i] + k;
      if (at == weights.length) {
        weights = Arrays.copyOf(weights, 2 * at);
      }
      weights[at] = weight;
      start[i + 1] = at + 1;
    }
  }
}
