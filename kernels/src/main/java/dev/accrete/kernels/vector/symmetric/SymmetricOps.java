package dev.accrete.kernels.vector.symmetric;

import static dev.accrete.kernels.vector.product.Tiling.SYMMETRIC_ROWS;

import dev.accrete.core.DType;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;

/** Steps for the ops on symmetric matrices. Results hold the operand they may overwrite. */
public final class SymmetricOps {
  private SymmetricOps() {}

  /** The working memory of {@link #update}. */
  public static TensorType updateWorkspace(TensorType x) {
    int rows = Math.min(SYMMETRIC_ROWS, x.shape().dim(0));
    return PackedProduct.panels(rows, x.shape().dim(1));
  }

  /** Updates {@code sums}, some rows of x at a time, whose panels stay in cache. */
  public static Step update(
      TileRunner runner, SymmetricUpdate op, Operand x, Operand sums, Operand workspace) {
    int rows = x.shape().dim(0);
    int side = x.shape().dim(1);
    PackedProduct product = new PackedProduct(runner, op.subtract(), new Triangle(side), workspace);
    // Made once: a run does not allocate.
    PackedProduct.Rows[] chunks = new PackedProduct.Rows[Math.ceilDiv(rows, SYMMETRIC_ROWS)];
    for (int c = 0; c < chunks.length; c++) {
      int first = c * SYMMETRIC_ROWS;
      chunks[c] =
          (row, from, to, target, at) -> copy(x, (first + row) * side, from, to, target, at);
    }
    return () -> {
      for (int c = 0; c < chunks.length; c++) {
        int count = Math.min(SYMMETRIC_ROWS, rows - c * SYMMETRIC_ROWS);
        product.run(chunks[c], count, 0, sums.doubles, sums.offset);
      }
    };
  }

  private static void copy(Operand x, int row, int from, int to, double[] target, int at) {
    int start = x.offset + row;
    if (x.type.dtype() == DType.F64) {
      System.arraycopy(x.doubles, start + from, target, at, to - from);
      return;
    }
    for (int c = from; c < to; c++) {
      target[at + c - from] = x.floats[start + c];
    }
  }

  /** The working memory of {@link #factor}. */
  public static TensorType factorWorkspace(Triangle triangle) {
    return PackedProduct.panels(Math.min(CholeskySteps.BLOCK, triangle.side()), triangle.side());
  }

  /** Leaves the factor of {@code a} in its place. */
  public static Step factor(TileRunner runner, Operand a, Operand workspace) {
    return new CholeskySteps(runner, a, workspace)::run;
  }

  /** Leaves the solutions for the rows of {@code b} in their place. */
  public static Step solve(TileRunner runner, boolean transposed, Operand factor, Operand b) {
    return new SolveSteps(runner, transposed, factor, b)::run;
  }
}
