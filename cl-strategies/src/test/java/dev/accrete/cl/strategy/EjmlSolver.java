package dev.accrete.cl.strategy;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.simple.SimpleMatrix;

/** What a solver of our own is compared with. */
final class EjmlSolver implements PositiveDefinite {
  @Override
  public Optional<double[][]> solve(double[][] matrix, double[][] right) {
    SimpleMatrix inverse = new SimpleMatrix(matrix);
    double[][] solutions =
        Arrays.stream(right)
            .map(row -> inverse.solve(new SimpleMatrix(row.length, 1, true, row)))
            .map(x -> x.getDDRM().getData())
            .toArray(double[][]::new);
    return Optional.of(solutions);
  }
}
