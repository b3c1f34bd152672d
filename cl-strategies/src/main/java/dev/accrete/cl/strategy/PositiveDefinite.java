package dev.accrete.cl.strategy;

import java.util.Optional;

/** Solves systems of linear equations whose matrix is symmetric and positive definite. */
interface PositiveDefinite {
  /**
   * Solves {@code matrix x = right} for every row of {@code right}.
   *
   * @param triangle of the matrix, as {@link dev.accrete.core.op.Triangle} has it
   * @param right one right-hand side a row; not changed
   * @return one solution a row; empty if the matrix is not positive definite, or not finite
   */
  Optional<double[][]> solve(double[] triangle, double[][] right);
}
