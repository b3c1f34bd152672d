package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * The three products of a depthwise convolution on one padded plane (one block of 16 channels), for
 * any kernel and stride; 3x3 ones with stride 1 or 2 go to their straight-line kernels. Weights are
 * [taps][16].
 *
 * @param xRow floats of one padded line
 */
record DepthwiseKernels(int kernelH, int kernelW, int strideH, int strideW, int xRow) {
  private boolean is3x3(int stride) {
    return kernelH == 3 && kernelW == 3 && strideH == stride && strideW == stride;
  }

  /**
   * y = the correlation of x with w, {@code height} lines of {@code width} outputs, yRow floats.
   */
  void correlate(
      float[] x, int x0, float[] w, int w0, float[] y, int y0, int yRow, int height, int width) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int xl = x0 + lane;
      if (is3x3(1)) {
        Correlation3x3.stride1(x, xl, xRow, w, w0 + lane, y, y0 + lane, yRow, height, width);
      } else if (is3x3(2)) {
        Correlation3x3.stride2(x, xl, xRow, w, w0 + lane, y, y0 + lane, yRow, height, width);
      } else {
        for (int h = 0; h < height; h++) {
          int line = y0 + lane + h * yRow;
          correlateLine(x, xl + h * strideH * xRow, w, w0 + lane, y, line, width);
        }
      }
    }
  }

  private void correlateLine(float[] x, int x0, float[] w, int w0, float[] y, int y0, int width) {
    for (int q = 0; q < width; q++) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int i = 0; i < kernelH; i++) {
        int from = x0 + i * xRow + q * strideW * BLOCK;
        for (int j = 0; j < kernelW; j++) {
          FloatVector tap = FloatVector.fromArray(SPECIES, w, w0 + (i * kernelW + j) * BLOCK);
          sum = FloatVector.fromArray(SPECIES, x, from + j * BLOCK).fma(tap, sum);
        }
      }
      sum.intoArray(y, y0 + q * BLOCK);
    }
  }

  /** Adds the input gradient of {@code height} lines of dy to the padded plane dx. */
  void spread(
      float[] dy,
      int dy0,
      int dyRow,
      int height,
      int width,
      float[] w,
      int w0,
      float[] dx,
      int dx0) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      for (int h = 0; h < height; h++) {
        int to = dx0 + lane + h * strideH * xRow;
        for (int q = 0; q < width; q++) {
          FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + lane + h * dyRow + q * BLOCK);
          spreadOne(g, w, w0 + lane, dx, to + q * strideW * BLOCK);
        }
      }
    }
  }

  private void spreadOne(FloatVector g, float[] w, int w0, float[] dx, int dx0) {
    for (int i = 0; i < kernelH; i++) {
      for (int j = 0; j < kernelW; j++) {
        int to = dx0 + i * xRow + j * BLOCK;
        FloatVector tap = FloatVector.fromArray(SPECIES, w, w0 + (i * kernelW + j) * BLOCK);
        g.fma(tap, FloatVector.fromArray(SPECIES, dx, to)).intoArray(dx, to);
      }
    }
  }

  /** Adds the weight gradient of {@code height} lines of dy to dw. */
  void weights(
      float[] x,
      int x0,
      float[] dy,
      int dy0,
      int dyRow,
      int height,
      int width,
      float[] dw,
      int dw0) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int dyl = dy0 + lane;
      int to = dw0 + lane;
      if (is3x3(1)) {
        Gradient3x3.weightsStride1(x, x0 + lane, xRow, dy, dyl, dyRow, height, width, dw, to);
      } else if (is3x3(2)) {
        Gradient3x3.weightsStride2(x, x0 + lane, xRow, dy, dyl, dyRow, height, width, dw, to);
      } else {
        for (int tap = 0; tap < kernelH * kernelW; tap++) {
          int from = x0 + lane + tap / kernelW * xRow + tap % kernelW * BLOCK;
          oneWeight(x, from, dy, dyl, dyRow, height, width, dw, to + tap * BLOCK);
        }
      }
    }
  }

  private void oneWeight(
      float[] x,
      int x0,
      float[] dy,
      int dy0,
      int dyRow,
      int height,
      int width,
      float[] dw,
      int dw0) {
    FloatVector sum = FloatVector.fromArray(SPECIES, dw, dw0);
    for (int h = 0; h < height; h++) {
      int from = x0 + h * strideH * xRow;
      for (int q = 0; q < width; q++) {
        FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + h * dyRow + q * BLOCK);
        sum = g.fma(FloatVector.fromArray(SPECIES, x, from + q * strideW * BLOCK), sum);
      }
    }
    sum.intoArray(dw, dw0);
  }
}
