package dev.accrete.cl.strategy;

import dev.accrete.core.Backend;
import dev.accrete.nn.SymmetricSolver;
import dev.accrete.nn.SymmetricSums;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sums where a backend computes, and what solves with them there. The memory for a solution is held
 * while one is sought.
 */
final class EngineSums implements OuterSums, PositiveDefinite, AutoCloseable {
  private final SymmetricSums sums;
  private final int systems;
  private @Nullable Solution solution;

  /** What a solution takes. */
  private record Solution(long macs, long bytes) {}

  /**
   * Sums of nothing yet.
   *
   * @param rows vectors that usually come together
   * @param systems right-hand sides at most
   */
  EngineSums(Backend backend, int rows, int size, int systems) {
    sums = new SymmetricSums(backend, rows, size);
    this.systems = systems;
  }

  /** Compiles what adds vectors, if that was not done. */
  void prepare() {
    sums.prepare();
  }

  private Solution solution() {
    Solution known = solution;
    if (known == null) {
      try (SymmetricSolver solver = sums.solver(systems)) {
        known = new Solution(solver.macs(), solver.bytes());
      }
      solution = known;
    }
    return known;
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
    return solution().macs();
  }

  /** Bytes that a solution takes while it is sought. */
  long bytesOfSolution() {
    return solution().bytes();
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
