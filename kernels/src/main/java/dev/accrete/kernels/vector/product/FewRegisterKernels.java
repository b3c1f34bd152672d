package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * The kernels of {@link ProductKernels} and {@link OuterKernels} for processors of 16 vector
 * registers, where the sums of eight rows and two vectors would leave none for operands and be
 * spilled at every step. Six rows take 12 registers for sums and three for operands.
 *
 * <p>The fences after every row cost nothing on the processor but keep the JIT from loading
 * operands of later rows first, and of later turns where it unrolls the loop: with a collector for
 * which it does that, kernels with one fence a turn ran at 0.7 of this speed.
 */
final class FewRegisterKernels {
  private FewRegisterKernels() {}

  /** 6 rows; see {@link ProductKernels}. */
  static void rows6(
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
    int depth = blocks * BLOCK;
    for (int k = 0; k < depth; k += 2) {
      int ai = a0 + k / BLOCK * aStride + k % BLOCK;
      int wi = w0 + k * PANEL;
      FloatVector wp = FloatVector.fromArray(SPECIES, w, wi);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, wi + WIDTH);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 16]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 32]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 48]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 64]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      VarHandle.loadLoadFence();
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 80]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, w, wi + PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + PANEL + WIDTH);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      x1 = FloatVector.broadcast(SPECIES, a[ai + 17]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      x2 = FloatVector.broadcast(SPECIES, a[ai + 33]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      x3 = FloatVector.broadcast(SPECIES, a[ai + 49]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      x4 = FloatVector.broadcast(SPECIES, a[ai + 65]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      VarHandle.loadLoadFence();
      x5 = FloatVector.broadcast(SPECIES, a[ai + 81]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      VarHandle.loadLoadFence();
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
  }

  /** 6 rows of two vectors; see {@link OuterKernels}. */
  static void outer6(
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
    int i = 0;
    for (; i + 2 <= positions; i += 2) {
      int ai = a0 + i * BLOCK;
      int bi = i * BLOCK;
      FloatVector wp = FloatVector.fromArray(SPECIES, b, b0 + bi);
      FloatVector wq = FloatVector.fromArray(SPECIES, b, b1 + bi);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 4]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      VarHandle.loadLoadFence();
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 5]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, b, b0 + bi + BLOCK);
      wq = FloatVector.fromArray(SPECIES, b, b1 + bi + BLOCK);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 16]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      x1 = FloatVector.broadcast(SPECIES, a[ai + 17]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      x2 = FloatVector.broadcast(SPECIES, a[ai + 18]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      x3 = FloatVector.broadcast(SPECIES, a[ai + 19]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      x4 = FloatVector.broadcast(SPECIES, a[ai + 20]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      VarHandle.loadLoadFence();
      x5 = FloatVector.broadcast(SPECIES, a[ai + 21]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      VarHandle.loadLoadFence();
    }
    for (; i < positions; i++) {
      int ai = a0 + i * BLOCK;
      FloatVector wp = FloatVector.fromArray(SPECIES, b, b0 + i * BLOCK);
      FloatVector wq = FloatVector.fromArray(SPECIES, b, b1 + i * BLOCK);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      FloatVector x4 = FloatVector.broadcast(SPECIES, a[ai + 4]);
      p4 = x4.fma(wp, p4);
      q4 = x4.fma(wq, q4);
      VarHandle.loadLoadFence();
      FloatVector x5 = FloatVector.broadcast(SPECIES, a[ai + 5]);
      p5 = x5.fma(wp, p5);
      q5 = x5.fma(wq, q5);
      VarHandle.loadLoadFence();
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
  }

  /** 4 rows of two vectors; see {@link OuterKernels}. */
  static void outer4(
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
    int i = 0;
    for (; i + 2 <= positions; i += 2) {
      int ai = a0 + i * BLOCK;
      int bi = i * BLOCK;
      FloatVector wp = FloatVector.fromArray(SPECIES, b, b0 + bi);
      FloatVector wq = FloatVector.fromArray(SPECIES, b, b1 + bi);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
      wp = FloatVector.fromArray(SPECIES, b, b0 + bi + BLOCK);
      wq = FloatVector.fromArray(SPECIES, b, b1 + bi + BLOCK);
      x0 = FloatVector.broadcast(SPECIES, a[ai + 16]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      x1 = FloatVector.broadcast(SPECIES, a[ai + 17]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      x2 = FloatVector.broadcast(SPECIES, a[ai + 18]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      x3 = FloatVector.broadcast(SPECIES, a[ai + 19]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
    }
    for (; i < positions; i++) {
      int ai = a0 + i * BLOCK;
      FloatVector wp = FloatVector.fromArray(SPECIES, b, b0 + i * BLOCK);
      FloatVector wq = FloatVector.fromArray(SPECIES, b, b1 + i * BLOCK);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[ai]);
      p0 = x0.fma(wp, p0);
      q0 = x0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[ai + 1]);
      p1 = x1.fma(wp, p1);
      q1 = x1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[ai + 2]);
      p2 = x2.fma(wp, p2);
      q2 = x2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[ai + 3]);
      p3 = x3.fma(wp, p3);
      q3 = x3.fma(wq, q3);
      VarHandle.loadLoadFence();
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
    }
    p0.intoArray(c, c0);
    q0.intoArray(c, c0 + WIDTH);
    p1.intoArray(c, c0 + PANEL);
    q1.intoArray(c, c0 + PANEL + WIDTH);
    p2.intoArray(c, c0 + 2 * PANEL);
    q2.intoArray(c, c0 + 2 * PANEL + WIDTH);
    p3.intoArray(c, c0 + 3 * PANEL);
    q3.intoArray(c, c0 + 3 * PANEL + WIDTH);
  }
}
