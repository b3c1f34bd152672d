package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.ProductKernels;
import jdk.incubator.vector.FloatVector;

/**
 * Convolution kernels that read padded planar lines where they are: tap k of output position i of a
 * line is {@code x[x0 + taps[k] + i]}. Weights and their gradients are rows of 32 output channels,
 * one row per tap; activations of y are blocked. Straight lines as in {@link ProductKernels};
 * {@link FewRegisterPlanarKernels} has those for fewer registers.
 */
final class PlanarKernels {
  private PlanarKernels() {}

  /** 12 positions of two vectors of output channels. */
  static void positions12(
      float[] x, int x0, int[] taps, int depth, float[] w, int w0, float[] y, int y0, int y1) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector q0 = zero;
    FloatVector p1 = zero;
    FloatVector q1 = zero;
    FloatVector p2 = zero;
    FloatVector q2 = zero;
    FloatVector p3 = zero;
    FloatVector q3 = zero;
    FloatVector p4 = zero;
    FloatVector q4 = zero;
    FloatVector p5 = zero;
    FloatVector q5 = zero;
    FloatVector p6 = zero;
    FloatVector q6 = zero;
    FloatVector p7 = zero;
    FloatVector q7 = zero;
    FloatVector p8 = zero;
    FloatVector q8 = zero;
    FloatVector p9 = zero;
    FloatVector q9 = zero;
    FloatVector p10 = zero;
    FloatVector q10 = zero;
    FloatVector p11 = zero;
    FloatVector q11 = zero;
    for (int k = 0; k < depth; k++) {
      int from = x0 + taps[k];
      FloatVector wp = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL + WIDTH);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[from]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[from + 1]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[from + 2]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[from + 3]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
      FloatVector b4 = FloatVector.broadcast(SPECIES, x[from + 4]);
      p4 = b4.fma(wp, p4);
      q4 = b4.fma(wq, q4);
      FloatVector b5 = FloatVector.broadcast(SPECIES, x[from + 5]);
      p5 = b5.fma(wp, p5);
      q5 = b5.fma(wq, q5);
      FloatVector b6 = FloatVector.broadcast(SPECIES, x[from + 6]);
      p6 = b6.fma(wp, p6);
      q6 = b6.fma(wq, q6);
      FloatVector b7 = FloatVector.broadcast(SPECIES, x[from + 7]);
      p7 = b7.fma(wp, p7);
      q7 = b7.fma(wq, q7);
      FloatVector b8 = FloatVector.broadcast(SPECIES, x[from + 8]);
      p8 = b8.fma(wp, p8);
      q8 = b8.fma(wq, q8);
      FloatVector b9 = FloatVector.broadcast(SPECIES, x[from + 9]);
      p9 = b9.fma(wp, p9);
      q9 = b9.fma(wq, q9);
      FloatVector b10 = FloatVector.broadcast(SPECIES, x[from + 10]);
      p10 = b10.fma(wp, p10);
      q10 = b10.fma(wq, q10);
      FloatVector b11 = FloatVector.broadcast(SPECIES, x[from + 11]);
      p11 = b11.fma(wp, p11);
      q11 = b11.fma(wq, q11);
    }
    p0.intoArray(y, y0);
    q0.intoArray(y, y1);
    p1.intoArray(y, y0 + BLOCK);
    q1.intoArray(y, y1 + BLOCK);
    p2.intoArray(y, y0 + 2 * BLOCK);
    q2.intoArray(y, y1 + 2 * BLOCK);
    p3.intoArray(y, y0 + 3 * BLOCK);
    q3.intoArray(y, y1 + 3 * BLOCK);
    p4.intoArray(y, y0 + 4 * BLOCK);
    q4.intoArray(y, y1 + 4 * BLOCK);
    p5.intoArray(y, y0 + 5 * BLOCK);
    q5.intoArray(y, y1 + 5 * BLOCK);
    p6.intoArray(y, y0 + 6 * BLOCK);
    q6.intoArray(y, y1 + 6 * BLOCK);
    p7.intoArray(y, y0 + 7 * BLOCK);
    q7.intoArray(y, y1 + 7 * BLOCK);
    p8.intoArray(y, y0 + 8 * BLOCK);
    q8.intoArray(y, y1 + 8 * BLOCK);
    p9.intoArray(y, y0 + 9 * BLOCK);
    q9.intoArray(y, y1 + 9 * BLOCK);
    p10.intoArray(y, y0 + 10 * BLOCK);
    q10.intoArray(y, y1 + 10 * BLOCK);
    p11.intoArray(y, y0 + 11 * BLOCK);
    q11.intoArray(y, y1 + 11 * BLOCK);
  }

  /** 4 positions of two vectors of output channels. */
  static void positions4(
      float[] x, int x0, int[] taps, int depth, float[] w, int w0, float[] y, int y0, int y1) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector q0 = zero;
    FloatVector p1 = zero;
    FloatVector q1 = zero;
    FloatVector p2 = zero;
    FloatVector q2 = zero;
    FloatVector p3 = zero;
    FloatVector q3 = zero;
    for (int k = 0; k < depth; k++) {
      int from = x0 + taps[k];
      FloatVector wp = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL + WIDTH);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[from]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[from + 1]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[from + 2]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[from + 3]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
    }
    p0.intoArray(y, y0);
    q0.intoArray(y, y1);
    p1.intoArray(y, y0 + BLOCK);
    q1.intoArray(y, y1 + BLOCK);
    p2.intoArray(y, y0 + 2 * BLOCK);
    q2.intoArray(y, y1 + 2 * BLOCK);
    p3.intoArray(y, y0 + 3 * BLOCK);
    q3.intoArray(y, y1 + 3 * BLOCK);
  }

  /**
   * Eight taps times two vectors of output channels, over {@code positions} positions; adds to dw.
   */
  static void gradient8x2(
      float[] x,
      int x0,
      int[] taps,
      int k0,
      float[] dy,
      int dy0,
      int dy1,
      int positions,
      float[] dw,
      int dw0) {
    int t0 = x0 + taps[k0];
    int t1 = x0 + taps[k0 + 1];
    int t2 = x0 + taps[k0 + 2];
    int t3 = x0 + taps[k0 + 3];
    int t4 = x0 + taps[k0 + 4];
    int t5 = x0 + taps[k0 + 5];
    int t6 = x0 + taps[k0 + 6];
    int t7 = x0 + taps[k0 + 7];
    FloatVector p0 = FloatVector.fromArray(SPECIES, dw, dw0);
    FloatVector q0 = FloatVector.fromArray(SPECIES, dw, dw0 + WIDTH);
    FloatVector p1 = FloatVector.fromArray(SPECIES, dw, dw0 + PANEL);
    FloatVector q1 = FloatVector.fromArray(SPECIES, dw, dw0 + PANEL + WIDTH);
    FloatVector p2 = FloatVector.fromArray(SPECIES, dw, dw0 + 2 * PANEL);
    FloatVector q2 = FloatVector.fromArray(SPECIES, dw, dw0 + 2 * PANEL + WIDTH);
    FloatVector p3 = FloatVector.fromArray(SPECIES, dw, dw0 + 3 * PANEL);
    FloatVector q3 = FloatVector.fromArray(SPECIES, dw, dw0 + 3 * PANEL + WIDTH);
    FloatVector p4 = FloatVector.fromArray(SPECIES, dw, dw0 + 4 * PANEL);
    FloatVector q4 = FloatVector.fromArray(SPECIES, dw, dw0 + 4 * PANEL + WIDTH);
    FloatVector p5 = FloatVector.fromArray(SPECIES, dw, dw0 + 5 * PANEL);
    FloatVector q5 = FloatVector.fromArray(SPECIES, dw, dw0 + 5 * PANEL + WIDTH);
    FloatVector p6 = FloatVector.fromArray(SPECIES, dw, dw0 + 6 * PANEL);
    FloatVector q6 = FloatVector.fromArray(SPECIES, dw, dw0 + 6 * PANEL + WIDTH);
    FloatVector p7 = FloatVector.fromArray(SPECIES, dw, dw0 + 7 * PANEL);
    FloatVector q7 = FloatVector.fromArray(SPECIES, dw, dw0 + 7 * PANEL + WIDTH);
    for (int i = 0; i < positions; i++) {
      FloatVector dp = FloatVector.fromArray(SPECIES, dy, dy0 + i * BLOCK);
      FloatVector dq = FloatVector.fromArray(SPECIES, dy, dy1 + i * BLOCK);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[t0 + i]);
      p0 = b0.fma(dp, p0);
      q0 = b0.fma(dq, q0);
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[t1 + i]);
      p1 = b1.fma(dp, p1);
      q1 = b1.fma(dq, q1);
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[t2 + i]);
      p2 = b2.fma(dp, p2);
      q2 = b2.fma(dq, q2);
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[t3 + i]);
      p3 = b3.fma(dp, p3);
      q3 = b3.fma(dq, q3);
      FloatVector b4 = FloatVector.broadcast(SPECIES, x[t4 + i]);
      p4 = b4.fma(dp, p4);
      q4 = b4.fma(dq, q4);
      FloatVector b5 = FloatVector.broadcast(SPECIES, x[t5 + i]);
      p5 = b5.fma(dp, p5);
      q5 = b5.fma(dq, q5);
      FloatVector b6 = FloatVector.broadcast(SPECIES, x[t6 + i]);
      p6 = b6.fma(dp, p6);
      q6 = b6.fma(dq, q6);
      FloatVector b7 = FloatVector.broadcast(SPECIES, x[t7 + i]);
      p7 = b7.fma(dp, p7);
      q7 = b7.fma(dq, q7);
    }
    p0.intoArray(dw, dw0);
    q0.intoArray(dw, dw0 + WIDTH);
    p1.intoArray(dw, dw0 + PANEL);
    q1.intoArray(dw, dw0 + PANEL + WIDTH);
    p2.intoArray(dw, dw0 + 2 * PANEL);
    q2.intoArray(dw, dw0 + 2 * PANEL + WIDTH);
    p3.intoArray(dw, dw0 + 3 * PANEL);
    q3.intoArray(dw, dw0 + 3 * PANEL + WIDTH);
    p4.intoArray(dw, dw0 + 4 * PANEL);
    q4.intoArray(dw, dw0 + 4 * PANEL + WIDTH);
    p5.intoArray(dw, dw0 + 5 * PANEL);
    q5.intoArray(dw, dw0 + 5 * PANEL + WIDTH);
    p6.intoArray(dw, dw0 + 6 * PANEL);
    q6.intoArray(dw, dw0 + 6 * PANEL + WIDTH);
    p7.intoArray(dw, dw0 + 7 * PANEL);
    q7.intoArray(dw, dw0 + 7 * PANEL + WIDTH);
  }

  /**
   * Eight taps times one vector of output channels, over {@code positions} positions; adds to dw.
   */
  static void gradient8x1(
      float[] x,
      int x0,
      int[] taps,
      int k0,
      float[] dy,
      int dy0,
      int positions,
      float[] dw,
      int dw0) {
    int t0 = x0 + taps[k0];
    int t1 = x0 + taps[k0 + 1];
    int t2 = x0 + taps[k0 + 2];
    int t3 = x0 + taps[k0 + 3];
    int t4 = x0 + taps[k0 + 4];
    int t5 = x0 + taps[k0 + 5];
    int t6 = x0 + taps[k0 + 6];
    int t7 = x0 + taps[k0 + 7];
    FloatVector p0 = FloatVector.fromArray(SPECIES, dw, dw0);
    FloatVector p1 = FloatVector.fromArray(SPECIES, dw, dw0 + PANEL);
    FloatVector p2 = FloatVector.fromArray(SPECIES, dw, dw0 + 2 * PANEL);
    FloatVector p3 = FloatVector.fromArray(SPECIES, dw, dw0 + 3 * PANEL);
    FloatVector p4 = FloatVector.fromArray(SPECIES, dw, dw0 + 4 * PANEL);
    FloatVector p5 = FloatVector.fromArray(SPECIES, dw, dw0 + 5 * PANEL);
    FloatVector p6 = FloatVector.fromArray(SPECIES, dw, dw0 + 6 * PANEL);
    FloatVector p7 = FloatVector.fromArray(SPECIES, dw, dw0 + 7 * PANEL);
    for (int i = 0; i < positions; i++) {
      FloatVector dp = FloatVector.fromArray(SPECIES, dy, dy0 + i * BLOCK);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[t0 + i]);
      p0 = b0.fma(dp, p0);
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[t1 + i]);
      p1 = b1.fma(dp, p1);
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[t2 + i]);
      p2 = b2.fma(dp, p2);
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[t3 + i]);
      p3 = b3.fma(dp, p3);
      FloatVector b4 = FloatVector.broadcast(SPECIES, x[t4 + i]);
      p4 = b4.fma(dp, p4);
      FloatVector b5 = FloatVector.broadcast(SPECIES, x[t5 + i]);
      p5 = b5.fma(dp, p5);
      FloatVector b6 = FloatVector.broadcast(SPECIES, x[t6 + i]);
      p6 = b6.fma(dp, p6);
      FloatVector b7 = FloatVector.broadcast(SPECIES, x[t7 + i]);
      p7 = b7.fma(dp, p7);
    }
    p0.intoArray(dw, dw0);
    p1.intoArray(dw, dw0 + PANEL);
    p2.intoArray(dw, dw0 + 2 * PANEL);
    p3.intoArray(dw, dw0 + 3 * PANEL);
    p4.intoArray(dw, dw0 + 4 * PANEL);
    p5.intoArray(dw, dw0 + 5 * PANEL);
    p6.intoArray(dw, dw0 + 6 * PANEL);
    p7.intoArray(dw, dw0 + 7 * PANEL);
  }

  /** 16 positions of one vector of output channels. */
  static void positions16x1(
      float[] x, int x0, int[] taps, int depth, float[] w, int w0, float[] y, int y0) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector p1 = zero;
    FloatVector p2 = zero;
    FloatVector p3 = zero;
    FloatVector p4 = zero;
    FloatVector p5 = zero;
    FloatVector p6 = zero;
    FloatVector p7 = zero;
    FloatVector p8 = zero;
    FloatVector p9 = zero;
    FloatVector p10 = zero;
    FloatVector p11 = zero;
    FloatVector p12 = zero;
    FloatVector p13 = zero;
    FloatVector p14 = zero;
    FloatVector p15 = zero;
    for (int k = 0; k < depth; k++) {
      int from = x0 + taps[k];
      FloatVector wp = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL);
      p0 = FloatVector.broadcast(SPECIES, x[from]).fma(wp, p0);
      p1 = FloatVector.broadcast(SPECIES, x[from + 1]).fma(wp, p1);
      p2 = FloatVector.broadcast(SPECIES, x[from + 2]).fma(wp, p2);
      p3 = FloatVector.broadcast(SPECIES, x[from + 3]).fma(wp, p3);
      p4 = FloatVector.broadcast(SPECIES, x[from + 4]).fma(wp, p4);
      p5 = FloatVector.broadcast(SPECIES, x[from + 5]).fma(wp, p5);
      p6 = FloatVector.broadcast(SPECIES, x[from + 6]).fma(wp, p6);
      p7 = FloatVector.broadcast(SPECIES, x[from + 7]).fma(wp, p7);
      p8 = FloatVector.broadcast(SPECIES, x[from + 8]).fma(wp, p8);
      p9 = FloatVector.broadcast(SPECIES, x[from + 9]).fma(wp, p9);
      p10 = FloatVector.broadcast(SPECIES, x[from + 10]).fma(wp, p10);
      p11 = FloatVector.broadcast(SPECIES, x[from + 11]).fma(wp, p11);
      p12 = FloatVector.broadcast(SPECIES, x[from + 12]).fma(wp, p12);
      p13 = FloatVector.broadcast(SPECIES, x[from + 13]).fma(wp, p13);
      p14 = FloatVector.broadcast(SPECIES, x[from + 14]).fma(wp, p14);
      p15 = FloatVector.broadcast(SPECIES, x[from + 15]).fma(wp, p15);
    }
    p0.intoArray(y, y0);
    p1.intoArray(y, y0 + BLOCK);
    p2.intoArray(y, y0 + 2 * BLOCK);
    p3.intoArray(y, y0 + 3 * BLOCK);
    p4.intoArray(y, y0 + 4 * BLOCK);
    p5.intoArray(y, y0 + 5 * BLOCK);
    p6.intoArray(y, y0 + 6 * BLOCK);
    p7.intoArray(y, y0 + 7 * BLOCK);
    p8.intoArray(y, y0 + 8 * BLOCK);
    p9.intoArray(y, y0 + 9 * BLOCK);
    p10.intoArray(y, y0 + 10 * BLOCK);
    p11.intoArray(y, y0 + 11 * BLOCK);
    p12.intoArray(y, y0 + 12 * BLOCK);
    p13.intoArray(y, y0 + 13 * BLOCK);
    p14.intoArray(y, y0 + 14 * BLOCK);
    p15.intoArray(y, y0 + 15 * BLOCK);
  }

  /** 4 positions of one vector of output channels. */
  static void positions4x1(
      float[] x, int x0, int[] taps, int depth, float[] w, int w0, float[] y, int y0) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector p1 = zero;
    FloatVector p2 = zero;
    FloatVector p3 = zero;
    for (int k = 0; k < depth; k++) {
      int from = x0 + taps[k];
      FloatVector wp = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL);
      p0 = FloatVector.broadcast(SPECIES, x[from]).fma(wp, p0);
      p1 = FloatVector.broadcast(SPECIES, x[from + 1]).fma(wp, p1);
      p2 = FloatVector.broadcast(SPECIES, x[from + 2]).fma(wp, p2);
      p3 = FloatVector.broadcast(SPECIES, x[from + 3]).fma(wp, p3);
    }
    p0.intoArray(y, y0);
    p1.intoArray(y, y0 + BLOCK);
    p2.intoArray(y, y0 + 2 * BLOCK);
    p3.intoArray(y, y0 + 3 * BLOCK);
  }
}
