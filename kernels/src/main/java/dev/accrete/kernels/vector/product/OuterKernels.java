package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * The outer product kernels of weight gradients: {@code C[r][j] = sum over positions i of A[i][r] *
 * B[i][j]} for the 16 rows of a block, eight (or six) at a time, and one or two vectors of columns.
 *
 * <p>Both operands are blocks of activations: 16 lanes per position, positions adjacent. {@code a0}
 * is the first lane of A, {@code b0} and {@code b1} the first lanes of the two vectors of B. C is
 * packed, rows 32 floats apart; {@code add} keeps what is there. Every accumulator is a local of
 * its own and a turn takes a few positions, as in {@link ProductKernels}.
 */
public final class OuterKernels {
  private OuterKernels() {}

  /**
   * The 16 rows of a block of a, times one or two blocks of columns, {@code stride} floats apart in
   * b; see the class comment.
   */
  public static void multiply(
      float[] a,
      int a0,
      float[] b,
      int b0,
      int blocks,
      int stride,
      int positions,
      float[] c,
      int c0,
      boolean add) {
    for (int lane = 0; lane < blocks * BLOCK; lane += 2 * WIDTH) {
      int p = b0 + lane / BLOCK * stride + lane % BLOCK;
      int next = lane + WIDTH;
      int q = b0 + next / BLOCK * stride + next % BLOCK;
      int to = c0 + lane;
      if (FEW_REGISTERS) {
        FewRegisterKernels.outer6(a, a0, b, p, q, positions, c, to, add);
        FewRegisterKernels.outer6(a, a0 + 6, b, p, q, positions, c, to + 6 * PANEL, add);
        FewRegisterKernels.outer4(a, a0 + 12, b, p, q, positions, c, to + 12 * PANEL, add);
      } else if (next < blocks * BLOCK) {
        rows8x2(a, a0, b, p, q, positions, c, to, add);
        rows8x2(a, a0 + 8, b, p, q, positions, c, to + 8 * PANEL, add);
      } else {
        rows8x1(a, a0, b, p, positions, c, to, add);
        rows8x1(a, a0 + 8, b, p, positions, c, to + 8 * PANEL, add);
      }
    }
  }

  /** 8 rows of two vectors; see the class comment. */
  static void rows8x2(
      float[] a, int a0, float[] b, int b0, int b1, int positions, float[] c, int c0, boolean add) {
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
    int i = 0;
    for (; i + 4 <= positions; i += 4) {
      int ai = a0 + i * BLOCK;
      int bi = i * BLOCK;
      FloatVector bp = FloatVector.fromArray(SPECIES, b, b0 + bi);
      FloatVector bq = FloatVector.fromArray(SPECIES, b, b1 + bi);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(bp, p0);
      q0 = x0.fma(bq, q0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(bp, p1);
      q1 = x1.fma(bq, q1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(bp, p2);
      q2 = x2.fma(bq, q2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(bp, p3);
      q3 = x3.fma(bq, q3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 4]);
      p4 = x4.fma(bp, p4);
      q4 = x4.fma(bq, q4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 5]);
      p5 = x5.fma(bp, p5);
      q5 = x5.fma(bq, q5);
      FloatVector x6 = FloatVector.broadcast(SPECIES, a[ai + 6]);
      p6 = x6.fma(bp, p6);
      q6 = x6.fma(bq, q6);
      FloatVector x7 = FloatVector.broadcast(SPECIES, a[ai + 7]);
      p7 = x7.fma(bp, p7);
      q7 = x7.fma(bq, q7);
      VarHandle.loadLoadFence();
      bp = FloatVector.fromArray(SPECIES, b, b0 + bi + BLOCK);
      bq = FloatVector.fromArray(SPECIES, b, b1 + bi + BLOCK);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 16]);
      p0 = x0.fma(bp, p0);
      q0 = x0.fma(bq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 17]);
      p1 = x1.fma(bp, p1);
      q1 = x1.fma(bq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 18]);
      p2 = x2.fma(bp, p2);
      q2 = x2.fma(bq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 19]);
      p3 = x3.fma(bp, p3);
      q3 = x3.fma(bq, q3);
      x4 = FloatVector.broadcast(SPECIES, a[ai + 20]);
      p4 = x4.fma(bp, p4);
      q4 = x4.fma(bq, q4);
      x5 = FloatVector.broadcast(SPECIES, a[ai + 21]);
      p5 = x5.fma(bp, p5);
      q5 = x5.fma(bq, q5);
      x6 = FloatVector.broadcast(SPECIES, a[ai + 22]);
      p6 = x6.fma(bp, p6);
      q6 = x6.fma(bq, q6);
      x7 = FloatVector.broadcast(SPECIES, a[ai + 23]);
      p7 = x7.fma(bp, p7);
      q7 = x7.fma(bq, q7);
      VarHandle.loadLoadFence();
      bp = FloatVector.fromArray(SPECIES, b, b0 + bi + 2 * BLOCK);
      bq = FloatVector.fromArray(SPECIES, b, b1 + bi + 2 * BLOCK);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 32]);
      p0 = x0.fma(bp, p0);
      q0 = x0.fma(bq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 33]);
      p1 = x1.fma(bp, p1);
      q1 = x1.fma(bq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 34]);
      p2 = x2.fma(bp, p2);
      q2 = x2.fma(bq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 35]);
      p3 = x3.fma(bp, p3);
      q3 = x3.fma(bq, q3);
      x4 = FloatVector.broadcast(SPECIES, a[ai + 36]);
      p4 = x4.fma(bp, p4);
      q4 = x4.fma(bq, q4);
      x5 = FloatVector.broadcast(SPECIES, a[ai + 37]);
      p5 = x5.fma(bp, p5);
      q5 = x5.fma(bq, q5);
      x6 = FloatVector.broadcast(SPECIES, a[ai + 38]);
      p6 = x6.fma(bp, p6);
      q6 = x6.fma(bq, q6);
      x7 = FloatVector.broadcast(SPECIES, a[ai + 39]);
      p7 = x7.fma(bp, p7);
      q7 = x7.fma(bq, q7);
      VarHandle.loadLoadFence();
      bp = FloatVector.fromArray(SPECIES, b, b0 + bi + 3 * BLOCK);
      bq = FloatVector.fromArray(SPECIES, b, b1 + bi + 3 * BLOCK);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 48]);
      p0 = x0.fma(bp, p0);
      q0 = x0.fma(bq, q0);
      x1 = FloatVector.broadcast(SPECIES, a[ai + 49]);
      p1 = x1.fma(bp, p1);
      q1 = x1.fma(bq, q1);
      x2 = FloatVector.broadcast(SPECIES, a[ai + 50]);
      p2 = x2.fma(bp, p2);
      q2 = x2.fma(bq, q2);
      x3 = FloatVector.broadcast(SPECIES, a[ai + 51]);
      p3 = x3.fma(bp, p3);
      q3 = x3.fma(bq, q3);
      x4 = FloatVector.broadcast(SPECIES, a[ai + 52]);
      p4 = x4.fma(bp, p4);
      q4 = x4.fma(bq, q4);
      x5 = FloatVector.broadcast(SPECIES, a[ai + 53]);
      p5 = x5.fma(bp, p5);
      q5 = x5.fma(bq, q5);
      x6 = FloatVector.broadcast(SPECIES, a[ai + 54]);
      p6 = x6.fma(bp, p6);
      q6 = x6.fma(bq, q6);
      x7 = FloatVector.broadcast(SPECIES, a[ai + 55]);
      p7 = x7.fma(bp, p7);
      q7 = x7.fma(bq, q7);
    }
    for (; i < positions; i++) {
      int ai = a0 + i * BLOCK;
      FloatVector bp = FloatVector.fromArray(SPECIES, b, b0 + i * BLOCK);
      FloatVector bq = FloatVector.fromArray(SPECIES, b, b1 + i * BLOCK);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(bp, p0);
      q0 = x0.fma(bq, q0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(bp, p1);
      q1 = x1.fma(bq, q1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(bp, p2);
      q2 = x2.fma(bq, q2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(bp, p3);
      q3 = x3.fma(bq, q3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 4]);
      p4 = x4.fma(bp, p4);
      q4 = x4.fma(bq, q4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 5]);
      p5 = x5.fma(bp, p5);
      q5 = x5.fma(bq, q5);
      FloatVector x6 = FloatVector.broadcast(SPECIES, a[ai + 6]);
      p6 = x6.fma(bp, p6);
      q6 = x6.fma(bq, q6);
      FloatVector x7 = FloatVector.broadcast(SPECIES, a[ai + 7]);
      p7 = x7.fma(bp, p7);
      q7 = x7.fma(bq, q7);
    }
    if (add) {
      p0 = p0.add(FloatVector.fromArray(SPECIES, c, c0));
      q0 = q0.add(FloatVector.fromArray(SPECIES, c, c0 + WIDTH));
      p1 = p1.add(FloatVector.fromArray(SPECIES, c, c0 + PANEL));
      q1 = q1.add(FloatVector.fromArray(SPECIES, c, c0 + PANEL + WIDTH));
      p2 = p2.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL));
      q2 = q2.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL + WIDTH));
      p3 = p3.add(FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL));
      q3 = q3.add(FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL + WIDTH));
      p4 = p4.add(FloatVector.fromArray(SPECIES, c, c0 + 4 * PANEL));
      q4 = q4.add(FloatVector.fromArray(SPECIES, c, c0 + 4 * PANEL + WIDTH));
      p5 = p5.add(FloatVector.fromArray(SPECIES, c, c0 + 5 * PANEL));
      q5 = q5.add(FloatVector.fromArray(SPECIES, c, c0 + 5 * PANEL + WIDTH));
      p6 = p6.add(FloatVector.fromArray(SPECIES, c, c0 + 6 * PANEL));
      q6 = q6.add(FloatVector.fromArray(SPECIES, c, c0 + 6 * PANEL + WIDTH));
      p7 = p7.add(FloatVector.fromArray(SPECIES, c, c0 + 7 * PANEL));
      q7 = q7.add(FloatVector.fromArray(SPECIES, c, c0 + 7 * PANEL + WIDTH));
    }
    p0.intoArray(c, c0);
    q0.intoArray(c, c0 + WIDTH);
    p1.intoArray(c, c0 + PANEL);
    q1.intoArray(c, c0 + PANEL + WIDTH);
    p2.intoArray(c, c0 + 2 * PANEL);
    q2.intoArray(c, c0 + 2 * PANEL + WIDTH);
    p3.intoArray(c, c0 + 3 * PANEL);
    q3.intoArray(c, c0 + 3 * PANEL + WIDTH);
    p4.intoArray(c, c0 + 4 * PANEL);
    q4.intoArray(c, c0 + 4 * PANEL + WIDTH);
    p5.intoArray(c, c0 + 5 * PANEL);
    q5.intoArray(c, c0 + 5 * PANEL + WIDTH);
    p6.intoArray(c, c0 + 6 * PANEL);
    q6.intoArray(c, c0 + 6 * PANEL + WIDTH);
    p7.intoArray(c, c0 + 7 * PANEL);
    q7.intoArray(c, c0 + 7 * PANEL + WIDTH);
  }

  /** 8 rows of one vector; see the class comment. */
  static void rows8x1(
      float[] a, int a0, float[] b, int b0, int positions, float[] c, int c0, boolean add) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector p0 = zero;
    FloatVector p1 = zero;
    FloatVector p2 = zero;
    FloatVector p3 = zero;
    FloatVector p4 = zero;
    FloatVector p5 = zero;
    FloatVector p6 = zero;
    FloatVector p7 = zero;
    for (int i = 0; i < positions; i++) {
      int ai = a0 + i * BLOCK;
      FloatVector bp = FloatVector.fromArray(SPECIES, b, b0 + i * BLOCK);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(bp, p0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(bp, p1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(bp, p2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(bp, p3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 4]);
      p4 = x4.fma(bp, p4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 5]);
      p5 = x5.fma(bp, p5);
      FloatVector x6 = FloatVector.broadcast(SPECIES, a[ai + 6]);
      p6 = x6.fma(bp, p6);
      FloatVector x7 = FloatVector.broadcast(SPECIES, a[ai + 7]);
      p7 = x7.fma(bp, p7);
    }
    if (add) {
      p0 = p0.add(FloatVector.fromArray(SPECIES, c, c0));
      p1 = p1.add(FloatVector.fromArray(SPECIES, c, c0 + PANEL));
      p2 = p2.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL));
      p3 = p3.add(FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL));
      p4 = p4.add(FloatVector.fromArray(SPECIES, c, c0 + 4 * PANEL));
      p5 = p5.add(FloatVector.fromArray(SPECIES, c, c0 + 5 * PANEL));
      p6 = p6.add(FloatVector.fromArray(SPECIES, c, c0 + 6 * PANEL));
      p7 = p7.add(FloatVector.fromArray(SPECIES, c, c0 + 7 * PANEL));
    }
    p0.intoArray(c, c0);
    p1.intoArray(c, c0 + PANEL);
    p2.intoArray(c, c0 + 2 * PANEL);
    p3.intoArray(c, c0 + 3 * PANEL);
    p4.intoArray(c, c0 + 4 * PANEL);
    p5.intoArray(c, c0 + 5 * PANEL);
    p6.intoArray(c, c0 + 6 * PANEL);
    p7.intoArray(c, c0 + 7 * PANEL);
  }
}
