package dev.accrete.cl.strategy;

import dev.accrete.nn.RowProducts;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose outer products a scatter is still to grow by: gathered until one product of many rows
 * does for all of them, as a pass over the scatter costs more than the product itself. Products are
 * in single precision over one filling, sums of them in double.
 */
final class PendingRows {
  private final @Nullable RowProducts products;
  private final float[] rows;
  private int count;

  private PendingRows(@Nullable RowProducts products) {
    this.products = products;
    rows = new float[products == null ? 0 : products.rows() * products.width()];
  }

  /** Takes nothing. */
  static PendingRows none() {
    return new PendingRows(null);
  }

  /** Gathers as many rows as {@code products} multiplies at once. */
  static PendingRows of(RowProducts products) {
    return new PendingRows(products);
  }

  /** Takes a row, and adds all of them to the scatter when there are enough; false if not. */
  boolean take(double[] row, double[] triangle) {
    RowProducts engine = products;
    if (engine == null) {
      return false;
    }
    for (int i = 0; i < row.length; i++) {
      rows[count * row.length + i] = (float) row[i];
    }
    if (++count == engine.rows()) {
      addTo(triangle);
      clear();
    }
    return true;
  }

  void clear() {
    count = 0;
    Arrays.fill(rows, 0f);
  }

  /** Adds the outer products of all rows here to the upper triangle of a scatter. */
  void addTo(double[] triangle) {
    RowProducts engine = products;
    if (engine == null || count == 0) {
      return;
    }
    int width = engine.width();
    float[] sums = engine.run(rows, count);
    IntStream.range(0, width)
        .parallel()
        .forEach(
            i -> {
              int to = Math.toIntExact((long) i * width - (long) i * (i - 1) / 2 - i);
              for (int j = i; j < width; j++) {
                triangle[to + j] += sums[i * width + j];
              }
            });
  }

  /** How many rows wait, then the rows. */
  float[] saved(int width) {
    float[] saved = new float[1 + count * width];
    saved[0] = count;
    System.arraycopy(rows, 0, saved, 1, count * width);
    return saved;
  }

  long bytes() {
    return 4L * rows.length;
  }
}
