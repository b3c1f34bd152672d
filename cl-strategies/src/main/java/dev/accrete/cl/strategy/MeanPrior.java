package dev.accrete.cl.strategy;

import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What is known of a class's mean before a vector of it came: classes resemble each other. The mean
 * of few vectors is mostly noise, of which there is as much as there are dimensions, and the
 * discriminant would answer with such a class hardly ever. So every mean is drawn towards what the
 * means of the other classes let expect, the more the fewer its vectors: empirical Bayes (Efron and
 * Morris 1973) for the model of two covariances (Ioffe 2006, "Probabilistic Linear Discriminant
 * Analysis").
 *
 * <p>All in the metric of the covariance S within classes, in which a mean of {@code n} vectors has
 * a variance of {@code 1 / n} in every direction. Means are normal around the mean of the others,
 * with the covariance of the others' means and {@code g} in every direction more. Then the expected
 * mean of a class is
 *
 * <pre>{@code
 * n g / (1 + n g) own + 1 / (1 + n g) sum_j y_j mean_j
 * }</pre>
 *
 * where the y, which sum to 1, predict this mean from the others by ridge regression; and {@code g}
 * is what predictions without a ridge miss, less what is noise, averaged over classes.
 */
final class MeanPrior {
  private static final long SEED = 0x6D65_616E_7072L;

  /** Directions in which the effective number of dimensions is measured. */
  private static final int PROBES = 4;

  /** Two classes say nothing of what classes are like. */
  private static final int LEAST = 3;

  private static final double TINY = 1e-9;

  /** Columns at a time: 64 columns of 2,000 rows are 1 MiB. */
  private static final int STRIP = 64;

  private MeanPrior() {}

  /** Vectors of ones with random signs. */
  static double[][] probes(int size) {
    double[][] probes = new double[PROBES][size];
    for (int p = 0; p < PROBES; p++) {
      Rng rng = Rng.of(SEED, p);
      Arrays.setAll(probes[p], i -> rng.nextInt(2) == 0 ? -1 : 1);
    }
    return probes;
  }

  /** How many probes there are. */
  static int probeCount() {
    return PROBES;
  }

  /**
   * Draws means together.
   *
   * @param means one a row; replaced
   * @param weights S^-1 times each; replaced
   * @param counts vectors of each class, at least one
   * @param dimensions the trace of S^-1 times the covariance of a vector: how much noise the mean
   *     of one vector has
   */
  static void apply(double[][] means, double[][] weights, long[] counts, double dimensions) {
    int classes = means.length;
    if (classes < LEAST || !(dimensions > 0)) {
      return;
    }
    double[][] products = products(means, weights);
    double scale = 0;
    for (int c = 0; c < classes; c++) {
      scale += products[c][c] / classes;
    }
    Optional<double[][]> inverse = inverse(products, TINY * scale);
    if (inverse.isEmpty()) {
      return;
    }
    double missed = 0;
    for (int c = 0; c < classes; c++) {
      missed += 1 / inverse.get()[c][c] - dimensions / (double) counts[c];
    }
    double spread = missed / classes / dimensions;
    if (!(spread > 0)) {
      return;
    }
    SortedMap<Long, Optional<double[][]>> inverses = new TreeMap<>();
    double[][] shares = new double[classes][classes];
    for (int c = 0; c < classes; c++) {
      // One inverse serves all classes that have about as many vectors.
      Optional<double[][]> ridge =
          inverses.computeIfAbsent(
              Long.highestOneBit(counts[c]),
              about -> inverse(products, (classes - 2) * (spread + 1 / (double) about)));
      double known = (double) counts[c] * spread;
      int label = c;
      ridge.ifPresentOrElse(
          found -> shares(found, label, known / (1 + known), shares[label]),
          () -> shares[label][label] = 1);
    }
    System.arraycopy(product(shares, means), 0, means, 0, classes);
    System.arraycopy(product(shares, weights), 0, weights, 0, classes);
  }

  /**
   * Multiply-accumulates of {@link #apply}: products of all means, an inverse for each number of
   * vectors to a power of two and one more, and all means and weights anew.
   *
   * @param counts vectors of each class; those without any take no part
   */
  static long macs(long[] counts, int size) {
    long classes = Arrays.stream(counts).filter(n -> n > 0).count();
    if (classes < LEAST) {
      return 0;
    }
    long inverses =
        1 + Arrays.stream(counts).filter(n -> n > 0).map(Long::highestOneBit).distinct().count();
    return 3 * classes * classes * size
        + inverses * (classes * classes * classes / 6 + classes * classes * classes);
  }

  /** Of every class in the mean of one, which has this share itself. */
  private static void shares(double[][] inverse, int label, double own, double[] shares) {
    for (int j = 0; j < shares.length; j++) {
      shares[j] = j == label ? own : -(1 - own) * inverse[label][j] / inverse[label][label];
    }
  }

  /** The product of two matrices, every sum in the order of its terms. */
  private static double[][] product(double[][] left, double[][] right) {
    int columns = right[0].length;
    double[][] product = new double[left.length][columns];
    strips(
        columns,
        (from, to) -> {
          for (int row = 0; row < left.length; row++) {
            for (int k = 0; k < right.length; k++) {
              add(product[row], left[row][k], right[k], from, to);
            }
          }
        });
    return product;
  }

  private static void add(double[] sum, double factor, double[] row, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += factor * row[i];
    }
  }

  /** Something done to some columns. */
  private interface Strip {
    void run(int from, int to);
  }

  /** Goes through columns by as many at a time as stay in a cache, on all processors. */
  private static void strips(int columns, Strip strip) {
    IntStream.range(0, Math.ceilDiv(columns, STRIP))
        .parallel()
        .forEach(s -> strip.run(s * STRIP, Math.min(columns, (s + 1) * STRIP)));
  }

  /** Products of centred means in the metric, and along ones about as much as elsewhere. */
  private static double[][] products(double[][] means, double[][] weights) {
    int classes = means.length;
    double[][] shares = new double[1][classes];
    Arrays.fill(shares[0], 1.0 / classes);
    double[] middle = product(shares, means)[0];
    double[] middleWeights = product(shares, weights)[0];
    double[][] centred = new double[middle.length][classes];
    double[][] centredWeights = new double[classes][middle.length];
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < middle.length; i++) {
        centred[i][c] = means[c][i] - middle[i];
        centredWeights[c][i] = weights[c][i] - middleWeights[i];
      }
    }
    double[][] products = product(centredWeights, centred);
    double trace = 0;
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < a; b++) {
        products[b][a] = products[a][b]; // symmetric to rounding: now to the bit
      }
      trace += products[a][a];
    }
    for (double[] row : products) {
      for (int b = 0; b < classes; b++) {
        row[b] += trace / classes / classes;
      }
    }
    return products;
  }

  /**
   * The inverse of a matrix with more on its diagonal, on vectors that sum to zero: what a border
   * of ones leaves of it. Its column of a class, divided by the negative of its diagonal, has the
   * weights that predict this class from the others; one by the diagonal is what they miss,
   * squared.
   */
  private static Optional<double[][]> inverse(double[][] matrix, double ridge) {
    int n = matrix.length;
    double[][] lower = new double[n][];
    Arrays.setAll(lower, i -> Arrays.copyOf(matrix[i], n));
    for (int i = 0; i < n; i++) {
      lower[i][i] += ridge;
    }
    if (!factor(lower)) {
      return Optional.empty();
    }
    double[][] inverse = identity(n);
    strips(n, (from, to) -> solve(lower, inverse, from, to));
    double[] sums = new double[n];
    double total = 0;
    for (int c = 0; c < n; c++) {
      int column = c;
      sums[c] = Arrays.stream(inverse).mapToDouble(row -> row[column]).sum(); // compensated
      total += sums[c];
    }
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < n; c++) {
        inverse[i][c] -= sums[c] * sums[i] / total;
      }
    }
    return Optional.of(inverse);
  }

  /** Makes a symmetric matrix its lower Cholesky factor, if it is positive definite. */
  private static boolean factor(double[][] matrix) {
    int n = matrix.length;
    double[] column = new double[n];
    for (int k = 0; k < n; k++) {
      if (!(matrix[k][k] > 0)) {
        return false;
      }
      matrix[k][k] = Math.sqrt(matrix[k][k]);
      for (int i = k + 1; i < n; i++) {
        matrix[i][k] /= matrix[k][k];
        column[i] = matrix[i][k];
      }
      for (int i = k + 1; i < n; i++) {
        add(matrix[i], -column[i], column, k + 1, i + 1);
      }
    }
    return true;
  }

  private static double[][] identity(int n) {
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }

  /** Columns divided by the matrix whose Cholesky factor this is. */
  private static void solve(double[][] lower, double[][] x, int from, int to) {
    int n = lower.length;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        add(x[i], -lower[i][k], x[k], from, to);
      }
      divide(x[i], lower[i][i], from, to);
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        add(x[i], -lower[k][i], x[k], from, to);
      }
      divide(x[i], lower[i][i], from, to);
    }
  }

  private static void divide(double[] row, double by, int from, int to) {
    for (int i = from; i < to; i++) {
      row[i] /= by;
    }
  }
}
