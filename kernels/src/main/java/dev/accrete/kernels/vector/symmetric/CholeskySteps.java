package dev.accrete.kernels.vector.symmetric;

import static dev.accrete.kernels.vector.product.Tiling.CHOLESKY_BLOCK;
import static dev.accrete.kernels.vector.product.Tiling.CHOLESKY_STRIP;

import dev.accrete.core.op.Triangle;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;

/**
 * R'R by blocks of rows (Golub and Van Loan, Matrix Computations, 4.2.6): the square on the
 * diagonal, the rest of its rows, and what these take off all rows below, which is a symmetric
 * update and nearly all of the work.
 */
final class CholeskySteps {
  /** Rows of a block. */
  static final int BLOCK = CHOLESKY_BLOCK;

  private static final int UNROLLED = 4;

  private final TileRunner runner;
  private final Operand a;
  private final Triangle triangle;
  private final PackedProduct trailing;
  private final PackedProduct.Rows rows = this::row;
  private final TileBody strip = this::strip;
  private int from;
  private int to;

  CholeskySteps(TileRunner runner, Operand a, Operand workspace) {
    this.runner = runner;
    this.a = a;
    triangle = Triangle.ofLength(a.shape().size());
    trailing = new PackedProduct(runner, true, triangle, workspace);
  }

  void run() {
    int side = triangle.side();
    for (from = 0; from < side; from = to) {
      to = Math.min(side, from + BLOCK);
      int failed = square();
      if (failed >= 0) {
        int begin = at(failed, failed);
        Arrays.fill(a.doubles, begin, a.offset + triangle.length(), Double.NaN);
        return;
      }
      if (to < side) {
        runner.run(Math.ceilDiv(side - to, CHOLESKY_STRIP), strip);
        trailing.run(rows, to - from, to, a.doubles, a.offset);
      }
    }
  }

  private int at(int row, int column) {
    return a.offset + triangle.at(row, column);
  }

  private void row(int row, int first, int end, double[] target, int place) {
    System.arraycopy(a.doubles, at(from + row, to + first), target, place, end - first);
  }

  /** The square on the diagonal; the row whose pivot is of no use, or -1. */
  private int square() {
    double[] values = a.doubles;
    for (int k = from; k < to; k++) {
      int pivotRow = at(k, k);
      double pivot = values[pivotRow];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        // Rows before it are whole already, up to this block's end; the rest of them follows.
        finish(k);
        return k;
      }
      double root = Math.sqrt(pivot);
      values[pivotRow] = root;
      for (int j = k + 1; j < to; j++) {
        values[pivotRow + j - k] /= root;
      }
      for (int i = k + 1; i < to; i++) {
        double factor = values[pivotRow + i - k];
        int target = at(i, i);
        for (int j = i; j < to; j++) {
          values[target + j - i] -= factor * values[pivotRow + j - k];
        }
      }
    }
    return -1;
  }

  /** The rest of the rows of this block that come before a row. */
  private void finish(int row) {
    int end = to;
    to = row;
    for (int column = end; column < triangle.side(); column += CHOLESKY_STRIP) {
      columns(column, Math.min(triangle.side(), column + CHOLESKY_STRIP));
    }
    to = end;
  }

  private void strip(int tile, Scratch scratch) {
    int column = to + tile * CHOLESKY_STRIP;
    columns(column, Math.min(triangle.side(), column + CHOLESKY_STRIP));
  }

  /** Columns {@code first} to {@code end} of the rows of this block. */
  private void columns(int first, int end) {
    double[] values = a.doubles;
    for (int k = from; k < to; k++) {
      int target = at(k, first);
      int p = from;
      for (; p + UNROLLED <= k; p += UNROLLED) {
        subtract(
            values,
            target,
            end - first,
            values[at(p, k)],
            at(p, first),
            values[at(p + 1, k)],
            at(p + 1, first),
            values[at(p + 2, k)],
            at(p + 2, first),
            values[at(p + 3, k)],
            at(p + 3, first));
      }
      for (; p < k; p++) {
        double factor = values[at(p, k)];
        int row = at(p, first);
        for (int c = 0; c < end - first; c++) {
          values[target + c] -= factor * values[row + c];
        }
      }
      double pivot = values[at(k, k)];
      for (int c = 0; c < end - first; c++) {
        values[target + c] /= pivot;
      }
    }
  }

  private static void subtract(
      double[] values,
      int target,
      int count,
      double e,
      int p,
      double f,
      int q,
      double g,
      int r,
      double h,
      int s) {
    for (int c = 0; c < count; c++) {
      values[target + c] -=
          e * values[p + c] + f * values[q + c] + (g * values[r + c] + h * values[s + c]);
    }
  }
}
