package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

/** Products of a tile of rows with packed panels: which kernel takes which rows. */
public final class Tiles {
  private Tiles() {}

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
    for (; rows - r >= Tiling.GROUP_ROWS; r += Tiling.GROUP_ROWS) {
      int p = c0 + r * row;
      int q = c1 + r * row;
      if (FEW_REGISTERS) {
        int next = at + 6 * BLOCK;
        FewRegisterKernels.rows6(a, at, stride, blocks, w, w0, c, p, q, row);
        FewRegisterKernels.rows6(a, next, stride, blocks, w, w0, c, p + 6 * row, q + 6 * row, row);
      } else {
        ProductKernels.rows8(a, at, stride, blocks, w, w0, c, p, q, row);
      }
      at += layout.group();
    }
    for (; r < rows; r += 4) {
      ProductKernels.rows4(a, at, stride, blocks, w, w0, c, c0 + r * row, c1 + r * row, row);
      at += 4 * BLOCK;
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
}
