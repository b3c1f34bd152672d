package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * 3x3 correlations of one vector of channels of a padded plane with nine weight vectors, in
 * straight lines: several outputs at a time share what they load. Offsets are of the vector's first
 * lane; positions are 16 floats apart, lines {@code xRow} and {@code yRow} floats.
 */
final class Correlation3x3 {
  private Correlation3x3() {}

  /** Stride 1: {@code height} lines of {@code width} outputs from {@code height + 2} lines of x. */
  static void stride1(
      float[] x,
      int x0,
      int xRow,
      float[] w,
      int w0,
      float[] y,
      int y0,
      int yRow,
      int height,
      int width) {
    int h = 0;
    for (; h + 2 <= height; h += 2) {
      twoLines(x, x0 + h * xRow, xRow, w, w0, y, y0 + h * yRow, yRow, width);
    }
    for (; h < height; h++) {
      oneLine(x, x0 + h * xRow, xRow, w, w0, y, y0 + h * yRow, width);
    }
  }

  /** Stride 2: {@code height} lines of {@code width} outputs from {@code 2 * height + 1} lines. */
  static void stride2(
      float[] x,
      int x0,
      int xRow,
      float[] w,
      int w0,
      float[] y,
      int y0,
      int yRow,
      int height,
      int width) {
    for (int h = 0; h < height; h++) {
      everySecond(x, x0 + 2 * h * xRow, xRow, w, w0, y, y0 + h * yRow, width);
    }
  }

  /** Two lines, four outputs each at a time. */
  private static void twoLines(
      float[] x, int x0, int xRow, float[] w, int w0, float[] y, int y0, int yRow, int width) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, w0);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, w0 + BLOCK);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, w0 + 2 * BLOCK);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, w0 + 3 * BLOCK);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, w0 + 4 * BLOCK);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, w0 + 5 * BLOCK);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, w0 + 6 * BLOCK);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, w0 + 7 * BLOCK);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, w0 + 8 * BLOCK);
    int row0 = x0;
    int row1 = x0 + xRow;
    int row2 = x0 + 2 * xRow;
    int row3 = x0 + 3 * xRow;
    int q = 0;
    for (; q + 4 <= width; q += 4) {
      int xq = q * BLOCK;
      int yq = y0 + q * BLOCK;
      FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
      FloatVector y00 = x00.mul(w00);
      FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
      y00 = x01.fma(w01, y00);
      FloatVector y01 = x01.mul(w00);
      FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
      y00 = x02.fma(w02, y00);
      y01 = x02.fma(w01, y01);
      FloatVector y02 = x02.mul(w00);
      FloatVector x03 = FloatVector.fromArray(SPECIES, x, row0 + xq + 3 * BLOCK);
      y01 = x03.fma(w02, y01);
      y02 = x03.fma(w01, y02);
      FloatVector y03 = x03.mul(w00);
      FloatVector x04 = FloatVector.fromArray(SPECIES, x, row0 + xq + 4 * BLOCK);
      y02 = x04.fma(w02, y02);
      y03 = x04.fma(w01, y03);
      FloatVector x05 = FloatVector.fromArray(SPECIES, x, row0 + xq + 5 * BLOCK);
      y03 = x05.fma(w02, y03);
      FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
      y00 = x10.fma(w10, y00);
      FloatVector y10 = x10.mul(w00);
      FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
      y00 = x11.fma(w11, y00);
      y01 = x11.fma(w10, y01);
      y10 = x11.fma(w01, y10);
      FloatVector y11 = x11.mul(w00);
      FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
      y00 = x12.fma(w12, y00);
      y01 = x12.fma(w11, y01);
      y02 = x12.fma(w10, y02);
      y10 = x12.fma(w02, y10);
      y11 = x12.fma(w01, y11);
      FloatVector y12 = x12.mul(w00);
      FloatVector x13 = FloatVector.fromArray(SPECIES, x, row1 + xq + 3 * BLOCK);
      y01 = x13.fma(w12, y01);
      y02 = x13.fma(w11, y02);
      y03 = x13.fma(w10, y03);
      y11 = x13.fma(w02, y11);
      y12 = x13.fma(w01, y12);
      FloatVector y13 = x13.mul(w00);
      FloatVector x14 = FloatVector.fromArray(SPECIES, x, row1 + xq + 4 * BLOCK);
      y02 = x14.fma(w12, y02);
      y03 = x14.fma(w11, y03);
      y12 = x14.fma(w02, y12);
      y13 = x14.fma(w01, y13);
      FloatVector x15 = FloatVector.fromArray(SPECIES, x, row1 + xq + 5 * BLOCK);
      y03 = x15.fma(w12, y03);
      y13 = x15.fma(w02, y13);
      FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
      y00 = x20.fma(w20, y00);
      y10 = x20.fma(w10, y10);
      FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
      y00 = x21.fma(w21, y00);
      y01 = x21.fma(w20, y01);
      y10 = x21.fma(w11, y10);
      y11 = x21.fma(w10, y11);
      FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
      y00 = x22.fma(w22, y00);
      y01 = x22.fma(w21, y01);
      y02 = x22.fma(w20, y02);
      y10 = x22.fma(w12, y10);
      y11 = x22.fma(w11, y11);
      y12 = x22.fma(w10, y12);
      FloatVector x23 = FloatVector.fromArray(SPECIES, x, row2 + xq + 3 * BLOCK);
      y01 = x23.fma(w22, y01);
      y02 = x23.fma(w21, y02);
      y03 = x23.fma(w20, y03);
      y11 = x23.fma(w12, y11);
      y12 = x23.fma(w11, y12);
      y13 = x23.fma(w10, y13);
      FloatVector x24 = FloatVector.fromArray(SPECIES, x, row2 + xq + 4 * BLOCK);
      y02 = x24.fma(w22, y02);
      y03 = x24.fma(w21, y03);
      y12 = x24.fma(w12, y12);
      y13 = x24.fma(w11, y13);
      FloatVector x25 = FloatVector.fromArray(SPECIES, x, row2 + xq + 5 * BLOCK);
      y03 = x25.fma(w22, y03);
      y13 = x25.fma(w12, y13);
      FloatVector x30 = FloatVector.fromArray(SPECIES, x, row3 + xq);
      y10 = x30.fma(w20, y10);
      FloatVector x31 = FloatVector.fromArray(SPECIES, x, row3 + xq + BLOCK);
      y10 = x31.fma(w21, y10);
      y11 = x31.fma(w20, y11);
      FloatVector x32 = FloatVector.fromArray(SPECIES, x, row3 + xq + 2 * BLOCK);
      y10 = x32.fma(w22, y10);
      y11 = x32.fma(w21, y11);
      y12 = x32.fma(w20, y12);
      FloatVector x33 = FloatVector.fromArray(SPECIES, x, row3 + xq + 3 * BLOCK);
      y11 = x33.fma(w22, y11);
      y12 = x33.fma(w21, y12);
      y13 = x33.fma(w20, y13);
      FloatVector x34 = FloatVector.fromArray(SPECIES, x, row3 + xq + 4 * BLOCK);
      y12 = x34.fma(w22, y12);
      y13 = x34.fma(w21, y13);
      FloatVector x35 = FloatVector.fromArray(SPECIES, x, row3 + xq + 5 * BLOCK);
      y13 = x35.fma(w22, y13);
      y00.intoArray(y, yq);
      y01.intoArray(y, yq + BLOCK);
      y02.intoArray(y, yq + 2 * BLOCK);
      y03.intoArray(y, yq + 3 * BLOCK);
      y10.intoArray(y, yq + yRow);
      y11.intoArray(y, yq + yRow + BLOCK);
      y12.intoArray(y, yq + yRow + 2 * BLOCK);
      y13.intoArray(y, yq + yRow + 3 * BLOCK);
    }
    for (; q < width; q++) {
      int xq = q * BLOCK;
      int yq = y0 + q * BLOCK;
      FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
      FloatVector y00 = x00.mul(w00);
      FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
      y00 = x01.fma(w01, y00);
      FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
      y00 = x02.fma(w02, y00);
      FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
      y00 = x10.fma(w10, y00);
      FloatVector y10 = x10.mul(w00);
      FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
      y00 = x11.fma(w11, y00);
      y10 = x11.fma(w01, y10);
      FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
      y00 = x12.fma(w12, y00);
      y10 = x12.fma(w02, y10);
      FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
      y00 = x20.fma(w20, y00);
      y10 = x20.fma(w10, y10);
      FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
      y00 = x21.fma(w21, y00);
      y10 = x21.fma(w11, y10);
      FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
      y00 = x22.fma(w22, y00);
      y10 = x22.fma(w12, y10);
      FloatVector x30 = FloatVector.fromArray(SPECIES, x, row3 + xq);
      y10 = x30.fma(w20, y10);
      FloatVector x31 = FloatVector.fromArray(SPECIES, x, row3 + xq + BLOCK);
      y10 = x31.fma(w21, y10);
      FloatVector x32 = FloatVector.fromArray(SPECIES, x, row3 + xq + 2 * BLOCK);
      y10 = x32.fma(w22, y10);
      y00.intoArray(y, yq);
      y10.intoArray(y, yq + yRow);
    }
  }

  /** One line. */
  private static void oneLine(
      float[] x, int x0, int xRow, float[] w, int w0, float[] y, int y0, int width) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, w0);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, w0 + BLOCK);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, w0 + 2 * BLOCK);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, w0 + 3 * BLOCK);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, w0 + 4 * BLOCK);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, w0 + 5 * BLOCK);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, w0 + 6 * BLOCK);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, w0 + 7 * BLOCK);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, w0 + 8 * BLOCK);
    int row0 = x0;
    int row1 = x0 + xRow;
    int row2 = x0 + 2 * xRow;
    int q = 0;
    for (; q < width; q++) {
      int xq = q * BLOCK;
      int yq = y0 + q * BLOCK;
      FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
      FloatVector y00 = x00.mul(w00);
      FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
      y00 = x01.fma(w01, y00);
      FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
      y00 = x02.fma(w02, y00);
      FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
      y00 = x10.fma(w10, y00);
      FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
      y00 = x11.fma(w11, y00);
      FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
      y00 = x12.fma(w12, y00);
      FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
      y00 = x20.fma(w20, y00);
      FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
      y00 = x21.fma(w21, y00);
      FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
      y00 = x22.fma(w22, y00);
      y00.intoArray(y, yq);
    }
  }

  /** One line of stride 2, two outputs at a time. */
  private static void everySecond(
      float[] x, int x0, int xRow, float[] w, int w0, float[] y, int y0, int width) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, w0);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, w0 + BLOCK);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, w0 + 2 * BLOCK);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, w0 + 3 * BLOCK);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, w0 + 4 * BLOCK);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, w0 + 5 * BLOCK);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, w0 + 6 * BLOCK);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, w0 + 7 * BLOCK);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, w0 + 8 * BLOCK);
    int row0 = x0;
    int row1 = x0 + xRow;
    int row2 = x0 + 2 * xRow;
    int q = 0;
    for (; q + 2 <= width; q += 2) {
      int xq = q * (2 * BLOCK);
      int yq = y0 + q * BLOCK;
      FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
      FloatVector y00 = x00.mul(w00);
      FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
      y00 = x01.fma(w01, y00);
      FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
      y00 = x02.fma(w02, y00);
      FloatVector y01 = x02.mul(w00);
      FloatVector x03 = FloatVector.fromArray(SPECIES, x, row0 + xq + 3 * BLOCK);
      y01 = x03.fma(w01, y01);
      FloatVector x04 = FloatVector.fromArray(SPECIES, x, row0 + xq + 4 * BLOCK);
      y01 = x04.fma(w02, y01);
      FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
      y00 = x10.fma(w10, y00);
      FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
      y00 = x11.fma(w11, y00);
      FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
      y00 = x12.fma(w12, y00);
      y01 = x12.fma(w10, y01);
      FloatVector x13 = FloatVector.fromArray(SPECIES, x, row1 + xq + 3 * BLOCK);
      y01 = x13.fma(w11, y01);
      FloatVector x14 = FloatVector.fromArray(SPECIES, x, row1 + xq + 4 * BLOCK);
      y01 = x14.fma(w12, y01);
      FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
      y00 = x20.fma(w20, y00);
      FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
      y00 = x21.fma(w21, y00);
      FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
      y00 = x22.fma(w22, y00);
      y01 = x22.fma(w20, y01);
      FloatVector x23 = FloatVector.fromArray(SPECIES, x, row2 + xq + 3 * BLOCK);
      y01 = x23.fma(w21, y01);
      FloatVector x24 = FloatVector.fromArray(SPECIES, x, row2 + xq + 4 * BLOCK);
      y01 = x24.fma(w22, y01);
      y00.intoArray(y, yq);
      y01.intoArray(y, yq + BLOCK);
    }
    for (; q < width; q++) {
      int xq = q * (2 * BLOCK);
      int yq = y0 + q * BLOCK;
      FloatVector x00 = FloatVector.fromArray(SPECIES, x, row0 + xq);
      FloatVector y00 = x00.mul(w00);
      FloatVector x01 = FloatVector.fromArray(SPECIES, x, row0 + xq + BLOCK);
      y00 = x01.fma(w01, y00);
      FloatVector x02 = FloatVector.fromArray(SPECIES, x, row0 + xq + 2 * BLOCK);
      y00 = x02.fma(w02, y00);
      FloatVector x10 = FloatVector.fromArray(SPECIES, x, row1 + xq);
      y00 = x10.fma(w10, y00);
      FloatVector x11 = FloatVector.fromArray(SPECIES, x, row1 + xq + BLOCK);
      y00 = x11.fma(w11, y00);
      FloatVector x12 = FloatVector.fromArray(SPECIES, x, row1 + xq + 2 * BLOCK);
      y00 = x12.fma(w12, y00);
      FloatVector x20 = FloatVector.fromArray(SPECIES, x, row2 + xq);
      y00 = x20.fma(w20, y00);
      FloatVector x21 = FloatVector.fromArray(SPECIES, x, row2 + xq + BLOCK);
      y00 = x21.fma(w21, y00);
      FloatVector x22 = FloatVector.fromArray(SPECIES, x, row2 + xq + 2 * BLOCK);
      y00 = x22.fma(w22, y00);
      y00.intoArray(y, yq);
    }
  }
}
