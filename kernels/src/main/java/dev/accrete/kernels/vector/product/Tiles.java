package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.product.ProductKernels.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

/** Products of a tile of rows with packed panels, and the sizes of such tiles. */
public final class Tiles {
  /**
   * The first element to use of an array of one's own: 64 bytes after the start of the object, so
   * that vectors do not straddle cache lines where large arrays begin at a line.
   */
  public static final int FIRST = 12;

  /** Rows are handled in multiples of this. */
  public static final int ROWS = 4;

  /** Floats of a tile that stays in the second-level cache beside a panel and the results. */
  private static final int CACHED = 96 * 1024;

  private Tiles() {}

  /**
   * Rows of a tile of {@code depth} columns, at most about {@code most}: whole planes, or equal
   * parts of one (in multiples of 8), so that results lie in memory as the kernels write them.
   */
  public static int rows(int depth, int most, int positions) {
    int limit = rows(depth, most);
    if (positions <= limit) {
      return limit / positions * positions;
    }
    return rows(1, Math.ceilDiv(positions, Math.ceilDiv(positions, limit)));
  }

  /** Rows of a tile of {@code depth} columns: a multiple of 8, at most about {@code most}. */
  static int rows(int depth, int most) {
    int limit = Math.ceilDiv(most, RowLayout.ROWS) * RowLayout.ROWS;
    return Math.clamp(CACHED / depth / RowLayout.ROWS * (long) RowLayout.ROWS, 8, limit);
  }

  /** Rounds up to whole kernels. */
  public static int padded(int rows) {
    return Math.ceilDiv(rows, ROWS) * ROWS;
  }

  /**
   * {@code c = a * panel} for {@code rows} rows, a multiple of 4, that lie as {@code layout} says.
   * Column block 0 of the result goes to c0, block 1 to {@code c0 + cStride}. Row r is {@code r *
   * row} further.
   */
  public static void multiply(
      float[] a,
      int a0,
      RowLayout layout,
      int blocks,
      int rows,
      float[] w,
      int w0,
      int columnBlocks,
      float[] c,
      int c0,
      int cStride,
      int row) {
    if (columnBlocks * BLOCK == WIDTH) {
      column(a, a0, layout, blocks, rows, w, w0, c, c0, row);
      return;
    }
    for (int lane = 0; lane < columnBlocks * BLOCK; lane += 2 * WIDTH) {
      int first = c0 + lane / BLOCK * cStride + lane % BLOCK;
      int next = lane + WIDTH;
      int second = c0 + next / BLOCK * cStride + next % BLOCK;
      columns(a, a0, layout, blocks, rows, w, w0 + lane, c, first, second, row);
    }
  }

  private static void columns(
      float[] a,
      int a0,
      RowLayout layout,
      int blocks,
      int rows,
      float[] w,
      int w0,
      float[] c,
      int c0,
      int c1,
      int row) {
    int stride = layout.block();
    int at = a0;
    int r = 0;
    for (; rows - r >= RowLayout.ROWS; r += RowLayout.ROWS) {
      ProductKernels.rows8(a, at, stride, blocks, w, w0, c, c0 + r * row, c1 + r * row, row);
      at += layout.group();
    }
    if (r < rows) {
      ProductKernels.rows4(a, at, stride, blocks, w, w0, c, c0 + r * row, c1 + r * row, row);
    }
  }

  private static void column(
      float[] a,
      int a0,
      RowLayout layout,
      int blocks,
      int rows,
      float[] w,
      int w0,
      float[] c,
      int c0,
      int row) {
    int stride = layout.block();
    int r = 0;
    while (r < rows) {
      int at = a0 + layout.at(0, r);
      if (layout.run(r, rows - r) >= 12) {
        ProductKernels.rows12x1(a, at, stride, blocks, w, w0, c, c0 + r * row, row);
        r += 12;
      } else {
        ProductKernels.rows4x1(a, at, stride, blocks, w, w0, c, c0 + r * row, row);
        r += 4;
      }
    }
  }

  /** Floats of scratch memory for one result panel of {@code rows} rows. */
  public static int panelFloats(int rows) {
    return PANEL * rows;
  }
}
