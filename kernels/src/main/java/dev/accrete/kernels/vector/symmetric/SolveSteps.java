package dev.accrete.kernels.vector.symmetric;

import static dev.accrete.kernels.vector.tensor.Lanes.DOUBLES;
import static dev.accrete.kernels.vector.tensor.Lanes.DOUBLE_WIDTH;

import dev.accrete.core.op.Triangle;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import jdk.incubator.vector.DoubleVector;

/**
 * Triangular systems for many right-hand sides, of which a tile has as many as two vectors have
 * lanes: an element of the matrix serves all of them, and their unknowns stay in cache. Four rows
 * of the matrix go together, so that unknowns are loaded a quarter as often. Every sum runs in
 * order, whatever the width of a vector.
 */
final class SolveSteps {
  private static final int TILE = 2 * DOUBLE_WIDTH;
  private static final int GROUP = 4;

  private final TileRunner runner;
  private final boolean transposed;
  private final Operand factor;
  private final Operand right;
  private final Triangle triangle;
  private final int rows;
  private final TileBody body = this::tile;

  SolveSteps(TileRunner runner, boolean transposed, Operand factor, Operand right) {
    this.runner = runner;
    this.transposed = transposed;
    this.factor = factor;
    this.right = right;
    triangle = Triangle.ofLength(factor.shape().size());
    rows = right.shape().dim(0);
  }

  void run() {
    runner.run(Math.ceilDiv(rows, TILE), body);
  }

  private void tile(int tile, Scratch scratch) {
    int side = triangle.side();
    int first = tile * TILE;
    int count = Math.min(TILE, rows - first);
    double[] x = scratch.doubles(side * TILE);
    for (int i = 0; i < side; i++) {
      for (int lane = 0; lane < TILE; lane++) {
        int from = right.offset + (first + lane) * side + i;
        x[i * TILE + lane] = lane < count ? right.doubles[from] : 0;
      }
    }
    if (transposed) {
      forward(x, side);
    } else {
      backward(x, side);
    }
    for (int lane = 0; lane < count; lane++) {
      int to = right.offset + (first + lane) * side;
      for (int i = 0; i < side; i++) {
        right.doubles[to + i] = x[i * TILE + lane];
      }
    }
  }

  private int at(int row, int column) {
    return factor.offset + triangle.at(row, column);
  }

  /** R'x = b: what is known is taken off all that follow. */
  private void forward(double[] x, int side) {
    double[] r = factor.doubles;
    int k = 0;
    for (; k + GROUP <= side; k += GROUP) {
      for (int i = k; i < k + GROUP; i++) {
        divide(x, i, r[at(i, i)]);
        for (int j = i + 1; j < k + GROUP; j++) {
          subtract(x, j, r[at(i, j)], i);
        }
      }
      subtractFour(x, k, side);
    }
    for (; k < side; k++) {
      divide(x, k, r[at(k, k)]);
      for (int j = k + 1; j < side; j++) {
        subtract(x, j, r[at(k, j)], k);
      }
    }
  }

  private static void divide(double[] x, int i, double divisor) {
    for (int lane = i * TILE; lane < (i + 1) * TILE; lane++) {
      x[lane] /= divisor;
    }
  }

  private static void subtract(double[] x, int i, double factor, int known) {
    for (int lane = 0; lane < TILE; lane++) {
      x[i * TILE + lane] = Math.fma(-factor, x[known * TILE + lane], x[i * TILE + lane]);
    }
  }

  /** Takes unknowns {@code k} to {@code k + 3} off all behind them. */
  private void subtractFour(double[] x, int k, int side) {
    double[] r = factor.doubles;
    int r0 = at(k, 0);
    int r1 = at(k + 1, 0);
    int r2 = at(k + 2, 0);
    int r3 = at(k + 3, 0);
    DoubleVector a0 = DoubleVector.fromArray(DOUBLES, x, k * TILE).neg();
    DoubleVector b0 = DoubleVector.fromArray(DOUBLES, x, k * TILE + DOUBLE_WIDTH).neg();
    DoubleVector a1 = DoubleVector.fromArray(DOUBLES, x, (k + 1) * TILE).neg();
    DoubleVector b1 = DoubleVector.fromArray(DOUBLES, x, (k + 1) * TILE + DOUBLE_WIDTH).neg();
    DoubleVector a2 = DoubleVector.fromArray(DOUBLES, x, (k + 2) * TILE).neg();
    DoubleVector b2 = DoubleVector.fromArray(DOUBLES, x, (k + 2) * TILE + DOUBLE_WIDTH).neg();
    DoubleVector a3 = DoubleVector.fromArray(DOUBLES, x, (k + 3) * TILE).neg();
    DoubleVector b3 = DoubleVector.fromArray(DOUBLES, x, (k + 3) * TILE + DOUBLE_WIDTH).neg();
    for (int j = k + GROUP; j < side; j++) {
      DoubleVector p = DoubleVector.fromArray(DOUBLES, x, j * TILE);
      DoubleVector q = DoubleVector.fromArray(DOUBLES, x, j * TILE + DOUBLE_WIDTH);
      DoubleVector f0 = DoubleVector.broadcast(DOUBLES, r[r0 + j]);
      p = f0.fma(a0, p);
      q = f0.fma(b0, q);
      DoubleVector f1 = DoubleVector.broadcast(DOUBLES, r[r1 + j]);
      p = f1.fma(a1, p);
      q = f1.fma(b1, q);
      DoubleVector f2 = DoubleVector.broadcast(DOUBLES, r[r2 + j]);
      p = f2.fma(a2, p);
      q = f2.fma(b2, q);
      DoubleVector f3 = DoubleVector.broadcast(DOUBLES, r[r3 + j]);
      p = f3.fma(a3, p);
      q = f3.fma(b3, q);
      p.intoArray(x, j * TILE);
      q.intoArray(x, j * TILE + DOUBLE_WIDTH);
    }
  }

  /** Rx = b: from the last unknown on, each takes all that are known off itself. */
  private void backward(double[] x, int side) {
    double[] r = factor.doubles;
    int end = side;
    for (; end >= GROUP; end -= GROUP) {
      int k = end - GROUP;
      takeFour(x, k, side);
      for (int i = end - 1; i >= k; i--) {
        for (int j = i + 1; j < end; j++) {
          subtract(x, i, r[at(i, j)], j);
        }
        divide(x, i, r[at(i, i)]);
      }
    }
    for (int i = end - 1; i >= 0; i--) {
      for (int j = i + 1; j < side; j++) {
        subtract(x, i, r[at(i, j)], j);
      }
      divide(x, i, r[at(i, i)]);
    }
  }

  /** Takes all unknowns behind {@code k + 3} off {@code k} to {@code k + 3}. */
  private void takeFour(double[] x, int k, int side) {
    double[] r = factor.doubles;
    int r0 = at(k, 0);
    int r1 = at(k + 1, 0);
    int r2 = at(k + 2, 0);
    int r3 = at(k + 3, 0);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector a0 = zero;
    DoubleVector b0 = zero;
    DoubleVector a1 = zero;
    DoubleVector b1 = zero;
    DoubleVector a2 = zero;
    DoubleVector b2 = zero;
    DoubleVector a3 = zero;
    DoubleVector b3 = zero;
    for (int j = k + GROUP; j < side; j++) {
      DoubleVector p = DoubleVector.fromArray(DOUBLES, x, j * TILE);
      DoubleVector q = DoubleVector.fromArray(DOUBLES, x, j * TILE + DOUBLE_WIDTH);
      DoubleVector f0 = DoubleVector.broadcast(DOUBLES, r[r0 + j]);
      a0 = f0.fma(p, a0);
      b0 = f0.fma(q, b0);
      DoubleVector f1 = DoubleVector.broadcast(DOUBLES, r[r1 + j]);
      a1 = f1.fma(p, a1);
      b1 = f1.fma(q, b1);
      DoubleVector f2 = DoubleVector.broadcast(DOUBLES, r[r2 + j]);
      a2 = f2.fma(p, a2);
      b2 = f2.fma(q, b2);
      DoubleVector f3 = DoubleVector.broadcast(DOUBLES, r[r3 + j]);
      a3 = f3.fma(p, a3);
      b3 = f3.fma(q, b3);
    }
    take(x, k, a0, b0);
    take(x, k + 1, a1, b1);
    take(x, k + 2, a2, b2);
    take(x, k + 3, a3, b3);
  }

  private static void take(double[] x, int i, DoubleVector a, DoubleVector b) {
    DoubleVector.fromArray(DOUBLES, x, i * TILE).sub(a).intoArray(x, i * TILE);
    int second = i * TILE + DOUBLE_WIDTH;
    DoubleVector.fromArray(DOUBLES, x, second).sub(b).intoArray(x, second);
  }
}
