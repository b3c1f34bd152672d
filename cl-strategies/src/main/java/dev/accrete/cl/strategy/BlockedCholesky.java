package dev.accrete.cl.strategy;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cholesky's factors of large matrices, in double: R'R by blocks of rows that stay in cache, the
 * rows below each block side by side on all processors (Golub and Van Loan, Matrix Computations,
 * 4.2.6). The order of every sum is fixed, however many processors there are.
 */
final class BlockedCholesky implements PositiveDefinite {
  private static final int BLOCK = 32;
  private static final int UNROLLED = 4;

  @Override
  public Optional<double[][]> solve(double[][] matrix, double[][] right) {
    if (!factor(matrix)) {
      return Optional.empty();
    }
    double[][] solutions = new double[right.length][];
    IntStream.range(0, right.length)
        .parallel()
        .forEach(
            r -> {
              solutions[r] = right[r].clone();
              substitute(matrix, solutions[r]);
            });
    return Optional.of(solutions);
  }

  /** Leaves R of the matrix R'R in its upper triangle; false if there is none. */
  private static boolean factor(double[][] a) {
    int size = a.length;
    for (int from = 0; from < size; from += BLOCK) {
      int to = Math.min(size, from + BLOCK);
      if (!factor(a, from, to)) {
        return false;
      }
      int first = from;
      IntStream.range(to, size).parallel().forEach(i -> update(a, first, to, i));
    }
    return true;
  }

  private static boolean factor(double[][] a, int from, int to) {
    for (int k = from; k < to; k++) {
      double[] row = a[k];
      double pivot = row[k];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        return false;
      }
      double root = Math.sqrt(pivot);
      row[k] = root;
      for (int j = k + 1; j < row.length; j++) {
        row[j] /= root;
      }
      for (int i = k + 1; i < to; i++) {
        subtract(a[i], row, row[i], i);
      }
    }
    return true;
  }

  private static void subtract(double[] target, double[] row, double factor, int from) {
    for (int j = from; j < target.length; j++) {
      target[j] -= factor * row[j];
    }
  }

  /** What rows {@code from} to {@code to} take from row {@code i} below them. */
  private static void update(double[][] a, int from, int to, int i) {
    double[] target = a[i];
    int k = from;
    for (; k + UNROLLED <= to; k += UNROLLED) {
      subtract(target, a[k], a[k + 1], a[k + 2], a[k + 3], i);
    }
    for (; k < to; k++) {
      subtract(target, a[k], a[k][i], i);
    }
  }

  private static void subtract(
      double[] target, double[] p, double[] q, double[] r, double[] s, int i) {
    double fp = p[i];
    double fq = q[i];
    double fr = r[i];
    double fs = s[i];
    for (int j = i; j < target.length; j++) {
      target[j] -= fp * p[j] + fq * q[j] + (fr * r[j] + fs * s[j]);
    }
  }

  private static void substitute(double[][] r, double[] x) {
    for (int k = 0; k < x.length; k++) {
      double[] row = r[k];
      double value = x[k] / row[k];
      x[k] = value;
      for (int i = k + 1; i < x.length; i++) {
        x[i] -= value * row[i];
      }
    }
    for (int k = x.length - 1; k >= 0; k--) {
      x[k] = (x[k] - dot(r[k], x, k + 1)) / r[k][k];
    }
  }

  /** In four sums, which a processor adds to at the same time. */
  private static double dot(double[] a, double[] b, int from) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = from;
    for (; i + UNROLLED <= a.length; i += UNROLLED) {
      first += a[i] * b[i];
      second += a[i + 1] * b[i + 1];
      third += a[i + 2] * b[i + 2];
      fourth += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      first += a[i] * b[i];
    }
    return first + second + (third + fourth);
  }
}
