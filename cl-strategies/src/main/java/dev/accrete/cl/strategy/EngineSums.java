package dev.accrete.cl.strategy;

import dev.accrete.core.Backend;
import dev.accrete.nn.SymmetricSolver;
import dev.accrete.nn.SymmetricSums;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sums where a backend computes, and what solves with them there. The memory for a solution is held
 * while one is sought.
 */
final class EngineSums implements OuterSums, PositiveDefinite, AutoCloseable {
  private final SymmetricSums sums;
  private final int systems;
  private final long macsOfSolution;
  private final long bytesOfSolution;

  /**
   * Sums of nothing yet.
   *
   * @param rows vectors that usually come together
   * @param systems right-hand sides at most
   */
  EngineSums(Backend backend, int rows, int size, int systems) {
    sums = new SymmetricSums(backend, rows, size);
    this.systems = systems;
    try (SymmetricSolver solver = sums.solver(systems)) {
      macsOfSolution = solver.macs();
      bytesOfSolution = solver.bytes();
    } catch (RuntimeException e) {
      sums.close();
      throw e;
    }
  }

  @Override
  public int size() {
    return sums.width();
  }

  @Override
  public void add(float[] values, int offset, int count) {
    sums.add(values, offset, count);
  }

  @Override
  public void subtract(float[] values, int offset, int count) {
    sums.subtract(values, offset, count);
  }

  @Override
  public double[] triangle() {
    return sums.triangle();
  }

  @Override
  public void setTriangle(double[] triangle) {
    sums.setTriangle(triangle);
  }

  @Override
  public double[] less(double[][] rows) {
    try (SymmetricSolver solver = sums.solver(systems)) {
      return solver.less(flat(rows));
    }
  }

  @Override
  public Optional<double[][]> solve(double[] triangle, double[][] right) {
    try (SymmetricSolver solver = sums.solver(systems)) {
      return solver
          .solve(triangle, flat(right))
          .map(
              all -> {
                double[][] rows = new double[right.length][];
                Arrays.setAll(rows, r -> Arrays.copyOfRange(all, r * size(), (r + 1) * size()));
                return rows;
              });
    }
  }

  /** Rows one after the other, and zeros for those that are not there. */
  private double[] flat(double[][] rows) {
    double[] flat = new double[systems * size()];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, flat, r * size(), size());
    }
    return flat;
  }

  /** Multiply-accumulates of adding {@code count} vectors. */
  long macs(int count) {
    return sums.macs(count);
  }

  /** Multiply-accumulates of one {@link #less} and one {@link #solve}. */
  long macsOfSolution() {
    return macsOfSolution;
  }

  /** Bytes that a solution takes while it is sought. */
  long bytesOfSolution() {
    return bytesOfSolution;
  }

  @Override
  public long bytes() {
    return sums.bytes();
  }

  @Override
  public void close() {
    sums.close();
  }
}
