package dev.accrete.cl.strategy;

import java.util.Optional;

/** By Cholesky's factors, row by row (Golub and Van Loan, Matrix Computations, 4.2), in double. */
final class Cholesky implements PositiveDefinite {
  @Override
  public Optional<double[][]> solve(double[][] matrix, double[][] right) {
    if (!factor(matrix)) {
      return Optional.empty();
    }
    double[][] solutions = new double[right.length][];
    for (int r = 0; r < right.length; r++) {
      solutions[r] = right[r].clone();
      substitute(matrix, solutions[r]);
    }
    return Optional.of(solutions);
  }

  /** Leaves L of the matrix L L' in its lower triangle; false if there is none. */
  private static boolean factor(double[][] a) {
    for (int i = 0; i < a.length; i++) {
      double[] row = a[i];
      for (int j = 0; j < i; j++) {
        row[j] = (row[j] - dot(row, a[j], j)) / a[j][j];
      }
      double pivot = row[i] - dot(row, row, i);
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        return false;
      }
      row[i] = Math.sqrt(pivot);
    }
    return true;
  }

  private static double dot(double[] a, double[] b, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static void substitute(double[][] l, double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - dot(l[i], x, i)) / l[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      x[i] /= l[i][i];
      for (int k = 0; k < i; k++) {
        x[k] -= l[i][k] * x[i];
      }
    }
  }
}
