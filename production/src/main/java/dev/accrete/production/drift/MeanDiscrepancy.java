package dev.accrete.production.drift;

import dev.accrete.core.Rng;
import java.util.Arrays;

/**
 * The maximum mean discrepancy of two samples with a Gaussian kernel as wide as the median distance
 * of two points (Gretton et al., "A Kernel Two-Sample Test", JMLR 2012), tested by permutation.
 *
 * @param squared the unbiased estimate of the squared discrepancy, at most 1 where the samples are
 *     far apart; below 0 by chance
 * @param pValue share of random divisions of all points that are as far apart, itself included
 */
public record MeanDiscrepancy(double squared, double pValue) {
  /**
   * Tests whether two samples come from one distribution. The work grows with the square of the
   * number of points.
   *
   * @param first rows of one length, at least two
   * @param second the same
   * @param permutations divisions drawn; the least p-value is 1 / (permutations + 1)
   * @throws IllegalArgumentException if a sample has fewer than two rows
   */
  public static MeanDiscrepancy of(float[][] first, float[][] second, int permutations, Rng rng) {
    if (first.length < 2 || second.length < 2) {
      throw new IllegalArgumentException(
          "samples of "
              + first.length
              + " and "
              + second.length
              + " rows: each needs at least two to be compared");
    }
    float[][] pooled = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, pooled, first.length, second.length);
    float[][] kernel = kernel(pooled);
    double[] rowSums = new double[pooled.length];
    double total = 0;
    for (int i = 0; i < rowSums.length; i++) {
      for (float value : kernel[i]) {
        rowSums[i] += value;
      }
      total += rowSums[i];
    }
    int[] order = new int[pooled.length];
    Arrays.setAll(order, i -> i);
    double observed = squared(kernel, rowSums, total, order, first.length);
    int asFar = 1;
    for (int p = 0; p < permutations; p++) {
      rng.shuffle(order);
      if (squared(kernel, rowSums, total, order, first.length) >= observed) {
        asFar++;
      }
    }
    return new MeanDiscrepancy(observed, (double) asFar / (permutations + 1));
  }

  /** From 0 for equal distributions towards 1. */
  public double score() {
    return Math.sqrt(Math.clamp(squared, 0, 1));
  }

  /** Of the first {@code n} points in an order against the others. */
  private static double squared(
      float[][] kernel, double[] rowSums, double total, int[] order, int n) {
    int m = order.length - n;
    double within = 0;
    double rows = 0;
    for (int i = 0; i < n; i++) {
      float[] row = kernel[order[i]];
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += row[order[j]];
      }
      within += sum;
      rows += rowSums[order[i]];
    }
    double between = rows - within;
    double others = total - within - 2 * between;
    // Half of what Gretton et al. have, so that disjoint samples of equal points give 1.
    return (within / ((double) n * (n - 1))
            + others / ((double) m * (m - 1))
            - 2 * between / ((double) n * m))
        / 2;
  }

  /** Of every two points; a point with itself counts for nothing. */
  private static float[][] kernel(float[][] points) {
    int n = points.length;
    float[][] kernel = new float[n][n];
    float[] distances = new float[n * (n - 1) / 2];
    int next = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        float distance = squaredDistance(points[i], points[j]);
        kernel[i][j] = distance;
        distances[next++] = distance;
      }
    }
    Arrays.sort(distances);
    // Where most points are the same point, the smallest distance that is none stands in.
    float median = distances[distances.length / 2];
    for (int i = distances.length / 2; i < distances.length && median == 0; i++) {
      median = distances[i];
    }
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        float value = median == 0 ? 1 : (float) Math.exp(-kernel[i][j] / (2 * median));
        kernel[i][j] = value;
        kernel[j][i] = value;
      }
    }
    return kernel;
  }

  private static float squaredDistance(float[] a, float[] b) {
    float even = 0;
    float odd = 0;
    int k = 0;
    for (; k + 1 < a.length; k += 2) {
      float first = a[k] - b[k];
      float second = a[k + 1] - b[k + 1];
      even += first * first;
      odd += second * second;
    }
    if (k < a.length) {
      even += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return even + odd;
  }
}
