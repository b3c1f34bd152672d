package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * The kernels of {@link PlanarKernels} for processors of 16 vector registers: 12 sums, and three
 * registers for operands, with a fence after every row that keeps the JIT from loading operands of
 * later ones first.
 */
final class FewRegisterPlanarKernels {
  private FewRegisterPlanarKernels() {}

  /** 6 positions of two vectors of output channels; taps of three colours come in threes. */
  static void positions6(
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
    int k = 0;
    for (; k + 3 <= depth; k += 3) {
      int from = x0 + taps[k];
      int wi = w0 + k * PANEL;
      FloatVector wp = FloatVector.fromArray(SPECIES, w, wi);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, wi + WIDTH);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[from]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[from + 1]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[from + 2]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[from + 3]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
      VarHandle.loadLoadFence();
      FloatVector b4 = FloatVector.broadcast(SPECIES, x[from + 4]);
      p4 = b4.fma(wp, p4);
      q4 = b4.fma(wq, q4);
      VarHandle.loadLoadFence();
      FloatVector b5 = FloatVector.broadcast(SPECIES, x[from + 5]);
      p5 = b5.fma(wp, p5);
      q5 = b5.fma(wq, q5);
      VarHandle.loadLoadFence();
      from = x0 + taps[k + 1];
      wp = FloatVector.fromArray(SPECIES, w, wi + PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + PANEL + WIDTH);
      b0 = FloatVector.broadcast(SPECIES, x[from]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      VarHandle.loadLoadFence();
      b1 = FloatVector.broadcast(SPECIES, x[from + 1]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      VarHandle.loadLoadFence();
      b2 = FloatVector.broadcast(SPECIES, x[from + 2]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      VarHandle.loadLoadFence();
      b3 = FloatVector.broadcast(SPECIES, x[from + 3]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
      VarHandle.loadLoadFence();
      b4 = FloatVector.broadcast(SPECIES, x[from + 4]);
      p4 = b4.fma(wp, p4);
      q4 = b4.fma(wq, q4);
      VarHandle.loadLoadFence();
      b5 = FloatVector.broadcast(SPECIES, x[from + 5]);
      p5 = b5.fma(wp, p5);
      q5 = b5.fma(wq, q5);
      VarHandle.loadLoadFence();
      from = x0 + taps[k + 2];
      wp = FloatVector.fromArray(SPECIES, w, wi + 2 * PANEL);
      wq = FloatVector.fromArray(SPECIES, w, wi + 2 * PANEL + WIDTH);
      b0 = FloatVector.broadcast(SPECIES, x[from]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      VarHandle.loadLoadFence();
      b1 = FloatVector.broadcast(SPECIES, x[from + 1]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      VarHandle.loadLoadFence();
      b2 = FloatVector.broadcast(SPECIES, x[from + 2]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      VarHandle.loadLoadFence();
      b3 = FloatVector.broadcast(SPECIES, x[from + 3]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
      VarHandle.loadLoadFence();
      b4 = FloatVector.broadcast(SPECIES, x[from + 4]);
      p4 = b4.fma(wp, p4);
      q4 = b4.fma(wq, q4);
      VarHandle.loadLoadFence();
      b5 = FloatVector.broadcast(SPECIES, x[from + 5]);
      p5 = b5.fma(wp, p5);
      q5 = b5.fma(wq, q5);
      VarHandle.loadLoadFence();
    }
    for (; k < depth; k++) {
      int from = x0 + taps[k];
      FloatVector wp = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL);
      FloatVector wq = FloatVector.fromArray(SPECIES, w, w0 + k * PANEL + WIDTH);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[from]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[from + 1]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[from + 2]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[from + 3]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
      VarHandle.loadLoadFence();
      FloatVector b4 = FloatVector.broadcast(SPECIES, x[from + 4]);
      p4 = b4.fma(wp, p4);
      q4 = b4.fma(wq, q4);
      VarHandle.loadLoadFence();
      FloatVector b5 = FloatVector.broadcast(SPECIES, x[from + 5]);
      p5 = b5.fma(wp, p5);
      q5 = b5.fma(wq, q5);
      VarHandle.loadLoadFence();
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
  }

  /** 6 taps times two vectors of output channels, over {@code positions} positions; adds to dw. */
  static void gradient6(
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
    for (int i = 0; i < positions; i++) {
      FloatVector wp = FloatVector.fromArray(SPECIES, dy, dy0 + i * BLOCK);
      FloatVector wq = FloatVector.fromArray(SPECIES, dy, dy1 + i * BLOCK);
      FloatVector b0 = FloatVector.broadcast(SPECIES, x[t0 + i]);
      p0 = b0.fma(wp, p0);
      q0 = b0.fma(wq, q0);
      VarHandle.loadLoadFence();
      FloatVector b1 = FloatVector.broadcast(SPECIES, x[t1 + i]);
      p1 = b1.fma(wp, p1);
      q1 = b1.fma(wq, q1);
      VarHandle.loadLoadFence();
      FloatVector b2 = FloatVector.broadcast(SPECIES, x[t2 + i]);
      p2 = b2.fma(wp, p2);
      q2 = b2.fma(wq, q2);
      VarHandle.loadLoadFence();
      FloatVector b3 = FloatVector.broadcast(SPECIES, x[t3 + i]);
      p3 = b3.fma(wp, p3);
      q3 = b3.fma(wq, q3);
      VarHandle.loadLoadFence();
      FloatVector b4 = FloatVector.broadcast(SPECIES, x[t4 + i]);
      p4 = b4.fma(wp, p4);
      q4 = b4.fma(wq, q4);
      VarHandle.loadLoadFence();
      FloatVector b5 = FloatVector.broadcast(SPECIES, x[t5 + i]);
      p5 = b5.fma(wp, p5);
      q5 = b5.fma(wq, q5);
      VarHandle.loadLoadFence();
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
  }
}
