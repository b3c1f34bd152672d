package dev.accrete.kernels.vector.symmetric;

import static dev.accrete.kernels.vector.product.Tiling.SYMMETRIC_PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.DOUBLES;
import static dev.accrete.kernels.vector.tensor.Lanes.DOUBLE_WIDTH;
import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.DoubleVector;

/**
 * Products of a few columns of one packed panel with all of another. A panel holds 24 columns of a
 * matrix, row after row.
 *
 * <p>Straight lines on purpose: every accumulator is a local of its own, which the JIT keeps in a
 * register. Every sum runs over the rows in order, so that it has the same bits whatever the width
 * of a vector.
 */
final class PanelKernels {
  /** Columns of the first panel that are multiplied at a time. */
  static final int GROUP = FEW_REGISTERS ? 6 : 4;

  /** Elements of the products of a group. */
  static final int PRODUCTS = GROUP * SYMMETRIC_PANEL;

  private static final int VECTORS = (FEW_REGISTERS ? 2 : 3) * DOUBLE_WIDTH;

  private PanelKernels() {}

  /**
   * Fills {@code products}, a row of 24 for each of the {@link #GROUP} columns from {@code a} on,
   * with sums over {@code rows} rows.
   */
  static void multiply(double[] panels, int a, int b, int rows, double[] products) {
    for (int column = 0; column < SYMMETRIC_PANEL; column += VECTORS) {
      if (FEW_REGISTERS) {
        six(panels, a, b + column, rows, products, column);
      } else {
        four(panels, a, b + column, rows, products, column);
      }
    }
  }

  /** Four columns of a, three vectors of b, for 32 registers. */
  private static void four(double[] panels, int a, int b, int rows, double[] out, int to) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector p0 = zero;
    DoubleVector q0 = zero;
    DoubleVector r0 = zero;
    DoubleVector p1 = zero;
    DoubleVector q1 = zero;
    DoubleVector r1 = zero;
    DoubleVector p2 = zero;
    DoubleVector q2 = zero;
    DoubleVector r2 = zero;
    DoubleVector p3 = zero;
    DoubleVector q3 = zero;
    DoubleVector r3 = zero;
    int end = rows * SYMMETRIC_PANEL;
    for (int k = 0; k < end; k += SYMMETRIC_PANEL) {
      DoubleVector p = DoubleVector.fromArray(DOUBLES, panels, b + k);
      DoubleVector q = DoubleVector.fromArray(DOUBLES, panels, b + k + DOUBLE_WIDTH);
      DoubleVector r = DoubleVector.fromArray(DOUBLES, panels, b + k + 2 * DOUBLE_WIDTH);
      DoubleVector x0 = DoubleVector.broadcast(DOUBLES, panels[a + k]);
      p0 = x0.fma(p, p0);
      q0 = x0.fma(q, q0);
      r0 = x0.fma(r, r0);
      DoubleVector x1 = DoubleVector.broadcast(DOUBLES, panels[a + k + 1]);
      p1 = x1.fma(p, p1);
      q1 = x1.fma(q, q1);
      r1 = x1.fma(r, r1);
      DoubleVector x2 = DoubleVector.broadcast(DOUBLES, panels[a + k + 2]);
      p2 = x2.fma(p, p2);
      q2 = x2.fma(q, q2);
      r2 = x2.fma(r, r2);
      DoubleVector x3 = DoubleVector.broadcast(DOUBLES, panels[a + k + 3]);
      p3 = x3.fma(p, p3);
      q3 = x3.fma(q, q3);
      r3 = x3.fma(r, r3);
    }
    p0.intoArray(out, to);
    q0.intoArray(out, to + DOUBLE_WIDTH);
    r0.intoArray(out, to + 2 * DOUBLE_WIDTH);
    p1.intoArray(out, to + SYMMETRIC_PANEL);
    q1.intoArray(out, to + SYMMETRIC_PANEL + DOUBLE_WIDTH);
    r1.intoArray(out, to + SYMMETRIC_PANEL + 2 * DOUBLE_WIDTH);
    p2.intoArray(out, to + 2 * SYMMETRIC_PANEL);
    q2.intoArray(out, to + 2 * SYMMETRIC_PANEL + DOUBLE_WIDTH);
    r2.intoArray(out, to + 2 * SYMMETRIC_PANEL + 2 * DOUBLE_WIDTH);
    p3.intoArray(out, to + 3 * SYMMETRIC_PANEL);
    q3.intoArray(out, to + 3 * SYMMETRIC_PANEL + DOUBLE_WIDTH);
    r3.intoArray(out, to + 3 * SYMMETRIC_PANEL + 2 * DOUBLE_WIDTH);
  }

  /**
   * Six columns of a, two vectors of b; for 16 registers; fences keep the JIT from loading ahead.
   */
  private static void six(double[] panels, int a, int b, int rows, double[] out, int to) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector p0 = zero;
    DoubleVector q0 = zero;
    DoubleVector p1 = zero;
    DoubleVector q1 = zero;
    DoubleVector p2 = zero;
    DoubleVector q2 = zero;
    DoubleVector p3 = zero;
    DoubleVector q3 = zero;
    DoubleVector p4 = zero;
    DoubleVector q4 = zero;
    DoubleVector p5 = zero;
    DoubleVector q5 = zero;
    int end = rows * SYMMETRIC_PANEL;
    int k = 0;
    for (; k + SYMMETRIC_PANEL < end; k += 2 * SYMMETRIC_PANEL) {
      int ai = a + k;
      int bi = b + k;
      DoubleVector p = DoubleVector.fromArray(DOUBLES, panels, bi);
      DoubleVector q = DoubleVector.fromArray(DOUBLES, panels, bi + DOUBLE_WIDTH);
      DoubleVector x0 = DoubleVector.broadcast(DOUBLES, panels[ai]);
      p0 = x0.fma(p, p0);
      q0 = x0.fma(q, q0);
      VarHandle.loadLoadFence();
      DoubleVector x1 = DoubleVector.broadcast(DOUBLES, panels[ai + 1]);
      p1 = x1.fma(p, p1);
      q1 = x1.fma(q, q1);
      VarHandle.loadLoadFence();
      DoubleVector x2 = DoubleVector.broadcast(DOUBLES, panels[ai + 2]);
      p2 = x2.fma(p, p2);
      q2 = x2.fma(q, q2);
      VarHandle.loadLoadFence();
      DoubleVector x3 = DoubleVector.broadcast(DOUBLES, panels[ai + 3]);
      p3 = x3.fma(p, p3);
      q3 = x3.fma(q, q3);
      VarHandle.loadLoadFence();
      DoubleVector x4 = DoubleVector.broadcast(DOUBLES, panels[ai + 4]);
      p4 = x4.fma(p, p4);
      q4 = x4.fma(q, q4);
      VarHandle.loadLoadFence();
      DoubleVector x5 = DoubleVector.broadcast(DOUBLES, panels[ai + 5]);
      p5 = x5.fma(p, p5);
      q5 = x5.fma(q, q5);
      VarHandle.loadLoadFence();
      ai += SYMMETRIC_PANEL;
      bi += SYMMETRIC_PANEL;
      p = DoubleVector.fromArray(DOUBLES, panels, bi);
      q = DoubleVector.fromArray(DOUBLES, panels, bi + DOUBLE_WIDTH);
      x0 = DoubleVector.broadcast(DOUBLES, panels[ai]);
      p0 = x0.fma(p, p0);
      q0 = x0.fma(q, q0);
      VarHandle.loadLoadFence();
      x1 = DoubleVector.broadcast(DOUBLES, panels[ai + 1]);
      p1 = x1.fma(p, p1);
      q1 = x1.fma(q, q1);
      VarHandle.loadLoadFence();
      x2 = DoubleVector.broadcast(DOUBLES, panels[ai + 2]);
      p2 = x2.fma(p, p2);
      q2 = x2.fma(q, q2);
      VarHandle.loadLoadFence();
      x3 = DoubleVector.broadcast(DOUBLES, panels[ai + 3]);
      p3 = x3.fma(p, p3);
      q3 = x3.fma(q, q3);
      VarHandle.loadLoadFence();
      x4 = DoubleVector.broadcast(DOUBLES, panels[ai + 4]);
      p4 = x4.fma(p, p4);
      q4 = x4.fma(q, q4);
      VarHandle.loadLoadFence();
      x5 = DoubleVector.broadcast(DOUBLES, panels[ai + 5]);
      p5 = x5.fma(p, p5);
      q5 = x5.fma(q, q5);
      VarHandle.loadLoadFence();
    }
    for (; k < end; k += SYMMETRIC_PANEL) {
      int ai = a + k;
      int bi = b + k;
      DoubleVector p = DoubleVector.fromArray(DOUBLES, panels, bi);
      DoubleVector q = DoubleVector.fromArray(DOUBLES, panels, bi + DOUBLE_WIDTH);
      DoubleVector x0 = DoubleVector.broadcast(DOUBLES, panels[ai]);
      p0 = x0.fma(p, p0);
      q0 = x0.fma(q, q0);
      VarHandle.loadLoadFence();
      DoubleVector x1 = DoubleVector.broadcast(DOUBLES, panels[ai + 1]);
      p1 = x1.fma(p, p1);
      q1 = x1.fma(q, q1);
      VarHandle.loadLoadFence();
      DoubleVector x2 = DoubleVector.broadcast(DOUBLES, panels[ai + 2]);
      p2 = x2.fma(p, p2);
      q2 = x2.fma(q, q2);
      VarHandle.loadLoadFence();
      DoubleVector x3 = DoubleVector.broadcast(DOUBLES, panels[ai + 3]);
      p3 = x3.fma(p, p3);
      q3 = x3.fma(q, q3);
      VarHandle.loadLoadFence();
      DoubleVector x4 = DoubleVector.broadcast(DOUBLES, panels[ai + 4]);
      p4 = x4.fma(p, p4);
      q4 = x4.fma(q, q4);
      VarHandle.loadLoadFence();
      DoubleVector x5 = DoubleVector.broadcast(DOUBLES, panels[ai + 5]);
      p5 = x5.fma(p, p5);
      q5 = x5.fma(q, q5);
      VarHandle.loadLoadFence();
    }
    p0.intoArray(out, to);
    q0.intoArray(out, to + DOUBLE_WIDTH);
    p1.intoArray(out, to + SYMMETRIC_PANEL);
    q1.intoArray(out, to + SYMMETRIC_PANEL + DOUBLE_WIDTH);
    p2.intoArray(out, to + 2 * SYMMETRIC_PANEL);
    q2.intoArray(out, to + 2 * SYMMETRIC_PANEL + DOUBLE_WIDTH);
    p3.intoArray(out, to + 3 * SYMMETRIC_PANEL);
    q3.intoArray(out, to + 3 * SYMMETRIC_PANEL + DOUBLE_WIDTH);
    p4.intoArray(out, to + 4 * SYMMETRIC_PANEL);
    q4.intoArray(out, to + 4 * SYMMETRIC_PANEL + DOUBLE_WIDTH);
    p5.intoArray(out, to + 5 * SYMMETRIC_PANEL);
    q5.intoArray(out, to + 5 * SYMMETRIC_PANEL + DOUBLE_WIDTH);
  }

  /** Adds a row of 24 products to sums, or takes it off. */
  static void accumulate(double[] products, int from, double[] sums, int to, boolean subtract) {
    for (int c = 0; c < SYMMETRIC_PANEL; c += DOUBLE_WIDTH) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, sums, to + c);
      DoubleVector product = DoubleVector.fromArray(DOUBLES, products, from + c);
      (subtract ? sum.sub(product) : sum.add(product)).intoArray(sums, to + c);
    }
  }
}
