package dev.accrete.production.ingest;

import java.util.Arrays;

/**
 * A difference hash: 64 bits that tell whether brightness falls from one cell to the next in a grid
 * of nine by eight. Pictures that were scaled, compressed again or made a little brighter differ in
 * few bits.
 */
public final class PerceptualHash {
  private static final int ROWS = 8;
  private static final int COLUMNS = 9;
  private static final int THUMBNAIL = 16;

  private PerceptualHash() {}

  /**
   * The hash of a square image.
   *
   * @param pixels planar RGB
   * @param size height and width in pixels
   */
  public static long of(byte[] pixels, int size) {
    double[] cells = grey(pixels, size, ROWS, COLUMNS);
    long hash = 0;
    for (int y = 0; y < ROWS; y++) {
      for (int x = 0; x + 1 < COLUMNS; x++) {
        boolean falls = cells[y * COLUMNS + x] > cells[y * COLUMNS + x + 1];
        hash = hash << 1 | (falls ? 1 : 0);
      }
    }
    return hash;
  }

  /** In how many bits two hashes differ. */
  public static int distance(long one, long other) {
    return Long.bitCount(one ^ other);
  }

  /**
   * The correlation of the grey levels of two square images of one size, seen small: 1 for the same
   * picture, whatever its brightness and contrast, about 0 for unrelated ones. Tells near
   * duplicates from pictures that share a hash because there is little in them, such as a bird in
   * the sky.
   */
  public static double correlation(byte[] one, byte[] other, int size) {
    double[] a = grey(one, size, THUMBNAIL, THUMBNAIL);
    double[] b = grey(other, size, THUMBNAIL, THUMBNAIL);
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double together = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      together += (a[i] - meanA) * (b[i] - meanB);
      ofA += (a[i] - meanA) * (a[i] - meanA);
      ofB += (b[i] - meanB) * (b[i] - meanB);
    }
    return ofA == 0 || ofB == 0 ? 0 : together / Math.sqrt(ofA * ofB);
  }

  /** Grey levels, averaged over the cells of a grid whose borders may cut through pixels. */
  static double[] grey(byte[] pixels, int size, int rows, int columns) {
    double[] cells = new double[rows * columns];
    double[] lines = new double[rows * size];
    for (int x = 0; x < size; x++) {
      for (int r = 0; r < rows; r++) {
        lines[r * size + x] = mean(pixels, size, x, r, rows);
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        cells[r * columns + c] = mean(lines, r * size, size, c, columns);
      }
    }
    return cells;
  }

  /** The mean grey level of part {@code part} of a column. */
  private static double mean(byte[] pixels, int size, int x, int part, int parts) {
    double from = (double) part * size / parts;
    double to = (double) (part + 1) * size / parts;
    double sum = 0;
    for (int y = (int) from; y < to; y++) {
      double weight = Math.min(to, y + 1) - Math.max(from, y);
      int at = y * size + x;
      int plane = size * size;
      double red = pixels[at] & 0xFF;
      double green = pixels[plane + at] & 0xFF;
      double blue = pixels[2 * plane + at] & 0xFF;
      sum += weight * (0.299 * red + 0.587 * green + 0.114 * blue);
    }
    return sum / (to - from);
  }

  private static double mean(double[] line, int offset, int size, int part, int parts) {
    double from = (double) part * size / parts;
    double to = (double) (part + 1) * size / parts;
    double sum = 0;
    for (int x = (int) from; x < to; x++) {
      sum += (Math.min(to, x + 1) - Math.max(from, x)) * line[offset + x];
    }
    return sum / (to - from);
  }
}
