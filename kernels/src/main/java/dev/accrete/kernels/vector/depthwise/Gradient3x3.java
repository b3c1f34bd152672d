package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The gradients of 3x3 depthwise convolutions that are no plain correlation, for one vector of
 * channels; conventions as in {@link Correlation3x3}.
 */
final class Gradient3x3 {
  private Gradient3x3() {}

  /**
   * The input gradient of stride 2, gathered: two lines of {@code 2 * cells} outputs from two lines
   * of {@code cells + 1} gradients. With padded coordinates (u, v) = (h + padH, w + padW), output
   * (2i, 2j) receives dy (i, j), (i, j-1), (i-1, j), (i-1, j-1) through the corner taps, and so on;
   * {@code dy0} is the offset of dy (i-1, j-1) at the first cell.
   */
  static void stride2(
      float[] dy,
      int dy0,
      int dyRow,
      float[] w,
      int w0,
      float[] dx,
      int dx0,
      int dxRow,
      int cells) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, w0);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, w0 + BLOCK);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, w0 + 2 * BLOCK);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, w0 + 3 * BLOCK);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, w0 + 4 * BLOCK);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, w0 + 5 * BLOCK);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, w0 + 6 * BLOCK);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, w0 + 7 * BLOCK);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, w0 + 8 * BLOCK);
    for (int cell = 0; cell < cells; cell++) {
      int from = dy0 + cell * BLOCK;
      FloatVector before = FloatVector.fromArray(SPECIES, dy, from + dyRow);
      FloatVector here = FloatVector.fromArray(SPECIES, dy, from + dyRow + BLOCK);
      FloatVector aboveBefore = FloatVector.fromArray(SPECIES, dy, from);
      FloatVector above = FloatVector.fromArray(SPECIES, dy, from + BLOCK);
      int to = dx0 + 2 * cell * BLOCK;
      FloatVector left = before.fma(w02, here.mul(w00));
      above.fma(w20, aboveBefore.fma(w22, left)).intoArray(dx, to);
      above.fma(w21, here.mul(w01)).intoArray(dx, to + BLOCK);
      before.fma(w12, here.mul(w10)).intoArray(dx, to + dxRow);
      here.mul(w11).intoArray(dx, to + dxRow + BLOCK);
    }
  }

  /**
   * Adds the weight gradient of stride 1 over {@code height} lines of {@code width} gradients to
   * the nine vectors at dw0.
   */
  static void weightsStride1(
      float[] x,
      int x0,
      int xRow,
      float[] dy,
      int dy0,
      int dyRow,
      int height,
      int width,
      float[] dw,
      int dw0) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, dw, dw0);
    FloatVector s01 = FloatVector.fromArray(SPECIES, dw, dw0 + BLOCK);
    FloatVector s02 = FloatVector.fromArray(SPECIES, dw, dw0 + 2 * BLOCK);
    FloatVector s10 = FloatVector.fromArray(SPECIES, dw, dw0 + 3 * BLOCK);
    FloatVector s11 = FloatVector.fromArray(SPECIES, dw, dw0 + 4 * BLOCK);
    FloatVector s12 = FloatVector.fromArray(SPECIES, dw, dw0 + 5 * BLOCK);
    FloatVector s20 = FloatVector.fromArray(SPECIES, dw, dw0 + 6 * BLOCK);
    FloatVector s21 = FloatVector.fromArray(SPECIES, dw, dw0 + 7 * BLOCK);
    FloatVector s22 = FloatVector.fromArray(SPECIES, dw, dw0 + 8 * BLOCK);
    for (int h = 0; h < height; h++) {
      int row0 = x0 + h * xRow;
      int row1 = row0 + xRow;
      int row2 = row1 + xRow;
      int line = dy0 + h * dyRow;
      int q = 0;
      for (; q + 4 <= width; q += 4) {
        int xq = q * BLOCK;
        FloatVector d0 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK);
        FloatVector d1 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK + BLOCK);
        FloatVector d2 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK + 2 * BLOCK);
        FloatVector d3 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK + 3 * BLOCK);
        FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
        s00 = d0.fma(x00, s00);
        FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
        s01 = d0.fma(x01, s01);
        s00 = d1.fma(x01, s00);
        FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
        s02 = d0.fma(x02, s02);
        s01 = d1.fma(x02, s01);
        s00 = d2.fma(x02, s00);
        FloatVector x03 = FloatVector.fromArray(SPECIES, x, row0 + xq + 3 * BLOCK);
        s02 = d1.fma(x03, s02);
        s01 = d2.fma(x03, s01);
        s00 = d3.fma(x03, s00);
        FloatVector x04 = FloatVector.fromArray(SPECIES, x, row0 + xq + 4 * BLOCK);
        s02 = d2.fma(x04, s02);
        s01 = d3.fma(x04, s01);
        FloatVector x05 = FloatVector.fromArray(SPECIES, x, row0 + xq + 5 * BLOCK);
        s02 = d3.fma(x05, s02);
        FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
        s10 = d0.fma(x10, s10);
        FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
        s11 = d0.fma(x11, s11);
        s10 = d1.fma(x11, s10);
        FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
        s12 = d0.fma(x12, s12);
        s11 = d1.fma(x12, s11);
        s10 = d2.fma(x12, s10);
        FloatVector x13 = FloatVector.fromArray(SPECIES, x, row1 + xq + 3 * BLOCK);
        s12 = d1.fma(x13, s12);
        s11 = d2.fma(x13, s11);
        s10 = d3.fma(x13, s10);
        FloatVector x14 = FloatVector.fromArray(SPECIES, x, row1 + xq + 4 * BLOCK);
        s12 = d2.fma(x14, s12);
        s11 = d3.fma(x14, s11);
        FloatVector x15 = FloatVector.fromArray(SPECIES, x, row1 + xq + 5 * BLOCK);
        s12 = d3.fma(x15, s12);
        FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
        s20 = d0.fma(x20, s20);
        FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
        s21 = d0.fma(x21, s21);
        s20 = d1.fma(x21, s20);
        FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
        s22 = d0.fma(x22, s22);
        s21 = d1.fma(x22, s21);
        s20 = d2.fma(x22, s20);
        FloatVector x23 = FloatVector.fromArray(SPECIES, x, row2 + xq + 3 * BLOCK);
        s22 = d1.fma(x23, s22);
        s21 = d2.fma(x23, s21);
        s20 = d3.fma(x23, s20);
        FloatVector x24 = FloatVector.fromArray(SPECIES, x, row2 + xq + 4 * BLOCK);
        s22 = d2.fma(x24, s22);
        s21 = d3.fma(x24, s21);
        FloatVector x25 = FloatVector.fromArray(SPECIES, x, row2 + xq + 5 * BLOCK);
        s22 = d3.fma(x25, s22);
      }
      for (; q < width; q++) {
        int xq = q * BLOCK;
        FloatVector d0 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK);
        FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
        s00 = d0.fma(x00, s00);
        FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
        s01 = d0.fma(x01, s01);
        FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
        s02 = d0.fma(x02, s02);
        FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
        s10 = d0.fma(x10, s10);
        FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
        s11 = d0.fma(x11, s11);
        FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
        s12 = d0.fma(x12, s12);
        FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
        s20 = d0.fma(x20, s20);
        FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
        s21 = d0.fma(x21, s21);
        FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
        s22 = d0.fma(x22, s22);
      }
    }
    s00.intoArray(dw, dw0);
    s01.intoArray(dw, dw0 + BLOCK);
    s02.intoArray(dw, dw0 + 2 * BLOCK);
    s10.intoArray(dw, dw0 + 3 * BLOCK);
    s11.intoArray(dw, dw0 + 4 * BLOCK);
    s12.intoArray(dw, dw0 + 5 * BLOCK);
    s20.intoArray(dw, dw0 + 6 * BLOCK);
    s21.intoArray(dw, dw0 + 7 * BLOCK);
    s22.intoArray(dw, dw0 + 8 * BLOCK);
  }

  /**
   * Adds the weight gradient of stride 2 over {@code height} lines of {@code width} gradients to
   * the nine vectors at dw0.
   */
  static void weightsStride2(
      float[] x,
      int x0,
      int xRow,
      float[] dy,
      int dy0,
      int dyRow,
      int height,
      int width,
      float[] dw,
      int dw0) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, dw, dw0);
    FloatVector s01 = FloatVector.fromArray(SPECIES, dw, dw0 + BLOCK);
    FloatVector s02 = FloatVector.fromArray(SPECIES, dw, dw0 + 2 * BLOCK);
    FloatVector s10 = FloatVector.fromArray(SPECIES, dw, dw0 + 3 * BLOCK);
    FloatVector s11 = FloatVector.fromArray(SPECIES, dw, dw0 + 4 * BLOCK);
    FloatVector s12 = FloatVector.fromArray(SPECIES, dw, dw0 + 5 * BLOCK);
    FloatVector s20 = FloatVector.fromArray(SPECIES, dw, dw0 + 6 * BLOCK);
    FloatVector s21 = FloatVector.fromArray(SPECIES, dw, dw0 + 7 * BLOCK);
    FloatVector s22 = FloatVector.fromArray(SPECIES, dw, dw0 + 8 * BLOCK);
    for (int h = 0; h < height; h++) {
      int row0 = x0 + 2 * h * xRow;
      int row1 = row0 + xRow;
      int row2 = row1 + xRow;
      int line = dy0 + h * dyRow;
      int q = 0;
      for (; q + 2 <= width; q += 2) {
        int xq = q * (2 * BLOCK);
        FloatVector d0 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK);
        FloatVector d1 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK + BLOCK);
        FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
        s00 = d0.fma(x00, s00);
        FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
        s01 = d0.fma(x01, s01);
        FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
        s02 = d0.fma(x02, s02);
        s00 = d1.fma(x02, s00);
        FloatVector x03 = FloatVector.fromArray(SPECIES, x, row0 + xq + 3 * BLOCK);
        s01 = d1.fma(x03, s01);
        FloatVector x04 = FloatVector.fromArray(SPECIES, x, row0 + xq + 4 * BLOCK);
        s02 = d1.fma(x04, s02);
        FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
        s10 = d0.fma(x10, s10);
        FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
        s11 = d0.fma(x11, s11);
        FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
        s12 = d0.fma(x12, s12);
        s10 = d1.fma(x12, s10);
        FloatVector x13 = FloatVector.fromArray(SPECIES, x, row1 + xq + 3 * BLOCK);
        s11 = d1.fma(x13, s11);
        FloatVector x14 = FloatVector.fromArray(SPECIES, x, row1 + xq + 4 * BLOCK);
        s12 = d1.fma(x14, s12);
        FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
        s20 = d0.fma(x20, s20);
        FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
        s21 = d0.fma(x21, s21);
        FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
        s22 = d0.fma(x22, s22);
        s20 = d1.fma(x22, s20);
        FloatVector x23 = FloatVector.fromArray(SPECIES, x, row2 + xq + 3 * BLOCK);
        s21 = d1.fma(x23, s21);
        FloatVector x24 = FloatVector.fromArray(SPECIES, x, row2 + xq + 4 * BLOCK);
        s22 = d1.fma(x24, s22);
      }
      for (; q < width; q++) {
        int xq = q * (2 * BLOCK);
        FloatVector d0 = FloatVector.fromArray(SPECIES, dy, line + q * BLOCK);
        FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
        s00 = d0.fma(x00, s00);
        FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
        s01 = d0.fma(x01, s01);
        FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
        s02 = d0.fma(x02, s02);
        FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
        s10 = d0.fma(x10, s10);
        FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
        s11 = d0.fma(x11, s11);
        FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
        s12 = d0.fma(x12, s12);
        FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
        s20 = d0.fma(x20, s20);
        FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
        s21 = d0.fma(x21, s21);
        FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
        s22 = d0.fma(x22, s22);
      }
    }
    s00.intoArray(dw, dw0);
    s01.intoArray(dw, dw0 + BLOCK);
    s02.intoArray(dw, dw0 + 2 * BLOCK);
    s10.intoArray(dw, dw0 + 3 * BLOCK);
    s11.intoArray(dw, dw0 + 4 * BLOCK);
    s12.intoArray(dw, dw0 + 5 * BLOCK);
    s20.intoArray(dw, dw0 + 6 * BLOCK);
    s21.intoArray(dw, dw0 + 7 * BLOCK);
    s22.intoArray(dw, dw0 + 8 * BLOCK);
  }
}
