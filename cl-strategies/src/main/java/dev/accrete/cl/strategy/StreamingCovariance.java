package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import java.util.Arrays;

/**
 * Class means and the covariance they share, updated one vector at a time (Hayes and Kanan,
 * "Lifelong Machine Learning with Deep Streaming Linear Discriminant Analysis", CVPRW 2020).
 *
 * <p>The scatter is the exact one within classes: a vector z of class k, of which n came before,
 * adds {@code n / (n + 1) (z - mean_k)(z - mean_k)'} (Welford 1962). The paper weighs with the
 * number of all vectors instead, and so counts the first vector of each class with its whole
 * distance from 0. All sums are in double precision.
 */
final class StreamingCovariance {
  private final int size;
  private final double[][] means;
  private final long[] counts;

  /** Upper triangle, row by row. */
  private final double[] scatter;

  private final double[] difference;
  private final PositiveDefinite solver = new Cholesky();

  StreamingCovariance(int classes, int size) {
    this.size = size;
    means = new double[classes][size];
    counts = new long[classes];
    scatter = new double[Math.toIntExact((long) size * (size + 1) / 2)];
    difference = new double[size];
  }

  /** Adds {@code values[offset .. offset + size)} as a vector of class {@code label}. */
  void add(int label, float[] values, int offset) {
    double[] mean = means[label];
    double before = counts[label]++;
    double weight = before / (before + 1);
    for (int i = 0; i < size; i++) {
      difference[i] = values[offset + i] - mean[i];
      mean[i] += difference[i] / (before + 1);
    }
    int k = 0;
    for (int i = 0; i < size; i++) {
      double scaled = weight * difference[i];
      for (int j = i; j < size; j++) {
        scatter[k++] += scaled * difference[j];
      }
    }
  }

  /** Multiply-accumulates of one {@link #add}. */
  long macsPerVector() {
    return scatter.length + 2L * size;
  }

  /** Multiply-accumulates of one {@link #discriminant}. */
  long macsOfDiscriminant() {
    long classes = Arrays.stream(counts).filter(c -> c > 0).count();
    return (long) size * size * size / 6 + classes * ((long) size * size + size);
  }

  /** Vectors of each class so far. */
  long[] counts() {
    return counts.clone();
  }

  /**
   * The covariance within classes: scatter divided by the number of vectors; 0 if there is none.
   */
  double[][] covariance() {
    double total = Math.max(1, Arrays.stream(counts).sum());
    double[][] covariance = new double[size][size];
    int k = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        covariance[i][j] = scatter[k++] / total;
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  /**
   * The linear discriminant with covariance {@code S = (1 - epsilon) covariance + epsilon I}: class
   * k scores {@code z' S^-1 mean_k - mean_k' S^-1 mean_k / 2}.
   *
   * @throws AccreteException if the covariance is not a positive definite matrix of finite numbers
   */
  Discriminant discriminant(double epsilon) {
    double[][] shrunk = covariance();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        shrunk[i][j] = (1 - epsilon) * shrunk[i][j] + (i == j ? epsilon : 0);
      }
    }
    double[][] weights =
        solver
            .solve(shrunk, means)
            .orElseThrow(
                () ->
                    new AccreteException(
                        "the covariance of the features is not a positive definite matrix of finite"
                            + " numbers; raise slda.shrinkage, now "
                            + epsilon
                            + ", or look for weights that are out of range"));
    double[] bias = new double[means.length];
    for (int c = 0; c < means.length; c++) {
      for (int i = 0; i < size; i++) {
        bias[c] -= 0.5 * weights[c][i] * means[c][i];
      }
    }
    return new Discriminant(weights, bias);
  }

  /** Bytes of means and scatter. */
  long bytes() {
    return 8L * (scatter.length + (long) means.length * size + counts.length);
  }

  void save(StateWriter state) {
    long[] flat = new long[means.length * size];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = Double.doubleToRawLongBits(means[i / size][i % size]);
    }
    state.put("slda.means", flat);
    state.put("slda.counts", counts);
    state.put(
        "slda.scatter", Arrays.stream(scatter).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  /** Takes over statistics of as many classes or fewer. */
  void restore(StateReader state) {
    long[] saved = state.longs("slda.counts");
    if (saved.length > counts.length) {
      throw misfit("slda.counts", saved.length, counts.length);
    }
    long[] flat = require(state, "slda.means", saved.length * size);
    for (int i = 0; i < flat.length; i++) {
      means[i / size][i % size] = Double.longBitsToDouble(flat[i]);
    }
    System.arraycopy(saved, 0, counts, 0, saved.length);
    long[] bits = require(state, "slda.scatter", scatter.length);
    for (int i = 0; i < bits.length; i++) {
      scatter[i] = Double.longBitsToDouble(bits[i]);
    }
  }

  private static long[] require(StateReader state, String name, int length) {
    long[] values = state.longs(name);
    if (values.length != length) {
      throw misfit(name, values.length, length);
    }
    return values;
  }

  private static AccreteException misfit(String name, int actual, int expected) {
    return new AccreteException(
        "the saved state of slda has "
            + actual
            + " elements in '"
            + name
            + "', expected "
            + expected
            + "; it was saved with another network or other classes");
  }
}
