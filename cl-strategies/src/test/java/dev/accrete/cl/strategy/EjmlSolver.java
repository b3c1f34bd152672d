package dev.accrete.cl.strategy;

import dev.accrete.core.op.Triangle;
import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.SingularMatrixException;
import org.ejml.simple.SimpleMatrix;

/** What a solver of our own is compared with. */
final class EjmlSolver implements PositiveDefinite {
  @Override
  public Optional<double[][]> solve(double[] triangle, double[][] right) {
    Triangle shape = Triangle.ofLength(triangle.length);
    SimpleMatrix matrix = new SimpleMatrix(shape.side(), shape.side());
    for (int i = 0; i < shape.side(); i++) {
      for (int j = i; j < shape.side(); j++) {
        matrix.set(i, j, triangle[shape.at(i, j)]);
        matrix.set(j, i, triangle[shape.at(i, j)]);
      }
    }
    try {
      return Optional.of(
          Arrays.stream(right)
              .map(row -> matrix.solve(new SimpleMatrix(row.length, 1, true, row)))
              .map(x -> x.getDDRM().getData())
              .toArray(double[][]::new));
    } catch (SingularMatrixException e) {
      return Optional.empty();
    }
  }
}
