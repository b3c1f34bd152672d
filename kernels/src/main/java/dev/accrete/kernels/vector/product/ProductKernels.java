package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * The inner product kernels: {@code C[r][j] = sum over k of A[r][k] * W[k][j]} for a few rows and
 * two vectors of columns, or one.
 *
 * <p>A is blocked: element (r, k) lies at {@code a0 + (k / 16) * aStride + r * 16 + k % 16}, {@code
 * k} below {@code 16 * blocks}. W is a packed panel: row k at {@code w0 + 32 * k}, its columns
 * {@code 0} to {@code 2 * WIDTH - 1} are used. The first vector of row r goes to {@code c0 + r *
 * row}, the second to {@code c1 + r * row}.
 *
 * <p>Straight lines on purpose: every accumulator is a local of its own, which the JIT keeps in a
 * register (an array of them is 30 times slower). A turn of the loop takes a few steps of k, so
 * that its own instructions weigh little; the fences between the steps cost nothing on the
 * processor but keep the JIT from loading the operands of all steps first, for which registers do
 * not suffice. {@link FewRegisterKernels} has those for fewer registers.
 */
public final class ProductKernels {
  private ProductKernels() {}

  /** 8 rows, for 32 registers; see the class comment. */
  static void rows8(
      float[] a,
      int a0,
      int aStride,
      int blocks,
      float[] w,
      int w0,
      float[] c,
      int c0,
      int c1,
      int row) {
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
    int depth = blocks * BLOCK;
    for (int k = 0; k < depth; k += 4) {
      int ai = a0 + k / BLOCK * aStride + k % BLOCK;
      int wi = w0 + k * PANEL;
      FloatVector wp = FloatVector.fromArray(SPECIES, w, wi);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, wi + WIDTH);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 16]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 32]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 48]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 64]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 80]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      FloatVector x6 = FloatVector.broadcast(SPECIES, a[ai + 96]);
      p6 = x6.fma(wp, p6);
      q6 = x6.fma(wq, q6);
      FloatVector x7 = FloatVector.broadcast(SPECIES, a[ai + 112]);
      p7 = x7.fma(wp, p7);
      q7 = x7.fma(wq, q7);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, w, wi + 1 * PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + 1 * PANEL + WIDTH);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 17]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 33]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 49]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      x4 = FloatVector.broadcast(SPECIES, a[ai + 65]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      x5 = FloatVector.broadcast(SPECIES, a[ai + 81]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      x6 = FloatVector.broadcast(SPECIES, a[ai + 97]);
      p6 = x6.fma(wp, p6);
      q6 = x6.fma(wq, q6);
      x7 = FloatVector.broadcast(SPECIES, a[ai + 113]);
      p7 = x7.fma(wp, p7);
      q7 = x7.fma(wq, q7);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, w, wi + 2 * PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + 2 * PANEL + WIDTH);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 18]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 34]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 50]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      x4 = FloatVector.broadcast(SPECIES, a[ai + 66]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      x5 = FloatVector.broadcast(SPECIES, a[ai + 82]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      x6 = FloatVector.broadcast(SPECIES, a[ai + 98]);
      p6 = x6.fma(wp, p6);
      q6 = x6.fma(wq, q6);
      x7 = FloatVector.broadcast(SPECIES, a[ai + 114]);
      p7 = x7.fma(wp, p7);
      q7 = x7.fma(wq, q7);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, w, wi + 3 * PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + 3 * PANEL + WIDTH);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 19]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 35]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 51]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      x4 = FloatVector.broadcast(SPECIES, a[ai + 67]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      x5 = FloatVector.broadcast(SPECIES, a[ai + 83]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      x6 = FloatVector.broadcast(SPECIES, a[ai + 99]);
      p6 = x6.fma(wp, p6);
      q6 = x6.fma(wq, q6);
      x7 = FloatVector.broadcast(SPECIES, a[ai + 115]);
      p7 = x7.fma(wp, p7);
      q7 = x7.fma(wq, q7);
    }
    p0.intoArray(c, c0);
    q0.intoArray(c, c1);
    p1.intoArray(c, c0 + row);
    q1.intoArray(c, c1 + row);
    p2.intoArray(c, c0 + 2 * row);
    q2.intoArray(c, c1 + 2 * row);
    p3.intoArray(c, c0 + 3 * row);
    q3.intoArray(c, c1 + 3 * row);
    p4.intoArray(c, c0 + 4 * row);
    q4.intoArray(c, c1 + 4 * row);
    p5.intoArray(c, c0 + 5 * row);
    q5.intoArray(c, c1 + 5 * row);
    p6.intoArray(c, c0 + 6 * row);
    q6.intoArray(c, c1 + 6 * row);
    p7.intoArray(c, c0 + 7 * row);
    q7.intoArray(c, c1 + 7 * row);
  }

  /** 4 rows; see the class comment. */
  static void rows4(
      float[] a,
      int a0,
      int aStride,
      int blocks,
      float[] w,
      int w0,
      float[] c,
      int c0,
      int c1,
      int row) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector q0 = zero;
    FloatVector p1 = zero;
    FloatVector q1 = zero;
    FloatVector p2 = zero;
    FloatVector q2 = zero;
    FloatVector p3 = zero;
    FloatVector q3 = zero;
    int depth = blocks * BLOCK;
    for (int k = 0; k < depth; k += 2) {
      int ai = a0 + k / BLOCK * aStride + k % BLOCK;
      int wi = w0 + k * PANEL;
      FloatVector wp = FloatVector.fromArray(SPECIES, w, wi);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, wi + WIDTH);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 16]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 32]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 48]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, w, wi + PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + PANEL + WIDTH);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 17]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 33]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 49]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
    }
    p0.intoArray(c, c0);
    q0.intoArray(c, c1);
    p1.intoArray(c, c0 + row);
    q1.intoArray(c, c1 + row);
    p2.intoArray(c, c0 + 2 * row);
    q2.intoArray(c, c1 + 2 * row);
    p3.intoArray(c, c0 + 3 * row);
    q3.intoArray(c, c1 + 3 * row);
  }

  /** 12 rows of one vector of columns; see the class comment. */
  static void rows12x1(
      float[] a, int a0, int aStride, int blocks, float[] w, int w0, float[] c, int c0, int row) {
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
    for (int block = 0; block < blocks; block++) {
      int ai = a0 + block * aStride;
      int wi = w0 + block * (BLOCK * PANEL);
      for (int k = 0; k < BLOCK; k++) {
        FloatVector wp = FloatVector.fromArray(SPECIES, w, wi + k * PANEL);
        p0 = FloatVector.broadcast(SPECIES, a[ai + k]).fma(wp, p0);
        p1 = FloatVector.broadcast(SPECIES, a[ai + k + 16]).fma(wp, p1);
        p2 = FloatVector.broadcast(SPECIES, a[ai + k + 32]).fma(wp, p2);
        p3 = FloatVector.broadcast(SPECIES, a[ai + k + 48]).fma(wp, p3);
        p4 = FloatVector.broadcast(SPECIES, a[ai + k + 64]).fma(wp, p4);
        p5 = FloatVector.broadcast(SPECIES, a[ai + k + 80]).fma(wp, p5);
        p6 = FloatVector.broadcast(SPECIES, a[ai + k + 96]).fma(wp, p6);
        p7 = FloatVector.broadcast(SPECIES, a[ai + k + 112]).fma(wp, p7);
        p8 = FloatVector.broadcast(SPECIES, a[ai + k + 128]).fma(wp, p8);
        p9 = FloatVector.broadcast(SPECIES, a[ai + k + 144]).fma(wp, p9);
        p10 = FloatVector.broadcast(SPECIES, a[ai + k + 160]).fma(wp, p10);
        p11 = FloatVector.broadcast(SPECIES, a[ai + k + 176]).fma(wp, p11);
      }
    }
    p0.intoArray(c, c0);
    p1.intoArray(c, c0 + row);
    p2.intoArray(c, c0 + 2 * row);
    p3.intoArray(c, c0 + 3 * row);
    p4.intoArray(c, c0 + 4 * row);
    p5.intoArray(c, c0 + 5 * row);
    p6.intoArray(c, c0 + 6 * row);
    p7.intoArray(c, c0 + 7 * row);
    p8.intoArray(c, c0 + 8 * row);
    p9.intoArray(c, c0 + 9 * row);
    p10.intoArray(c, c0 + 10 * row);
    p11.intoArray(c, c0 + 11 * row);
  }

  /** 4 rows of one vector of columns; see the class comment. */
  static void rows4x1(
      float[] a, int a0, int aStride, int blocks, float[] w, int w0, float[] c, int c0, int row) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector p1 = zero;
    FloatVector p2 = zero;
    FloatVector p3 = zero;
    for (int block = 0; block < blocks; block++) {
      int ai = a0 + block * aStride;
      int wi = w0 + block * (BLOCK * PANEL);
      for (int k = 0; k < BLOCK; k++) {
        FloatVector wp = FloatVector.fromArray(SPECIES, w, wi + k * PANEL);
        p0 = FloatVector.broadcast(SPECIES, a[ai + k]).fma(wp, p0);
        p1 = FloatVector.broadcast(SPECIES, a[ai + k + 16]).fma(wp, p1);
        p2 = FloatVector.broadcast(SPECIES, a[ai + k + 32]).fma(wp, p2);
        p3 = FloatVector.broadcast(SPECIES, a[ai + k + 48]).fma(wp, p3);
      }
    }
    p0.intoArray(c, c0);
    p1.intoArray(c, c0 + row);
    p2.intoArray(c, c0 + 2 * row);
    p3.intoArray(c, c0 + 3 * row);
  }
}
