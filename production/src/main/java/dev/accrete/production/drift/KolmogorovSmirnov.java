package dev.accrete.production.drift;

import java.util.Arrays;

/**
 * The two-sample test of Kolmogorov and Smirnov.
 *
 * @param statistic the greatest distance of the two empirical distribution functions, 0 to 1
 * @param pValue how often two samples of one continuous distribution are at least as far apart;
 *     with ties it is too large, never too small
 */
public record KolmogorovSmirnov(double statistic, double pValue) {
  /** Up to this product of sizes every order of the two samples is counted. */
  private static final long EXACT = 10_000;

  private static final int TERMS = 100;

  /**
   * Tests whether two samples come from one distribution.
   *
   * @throws IllegalArgumentException if one is empty or holds NaN
   */
  public static KolmogorovSmirnov of(double[] first, double[] second) {
    return ofSorted(sorted(first), sorted(second));
  }

  /** The same of samples in ascending order without NaN. */
  static KolmogorovSmirnov ofSorted(double[] a, double[] b) {
    long n = a.length;
    long m = b.length;
    long greatest = 0; // of |i/n - j/m|, times n m
    int i = 0;
    int j = 0;
    while (i < n && j < m) {
      double value = Math.min(a[i], b[j]);
      while (i < n && a[i] <= value) {
        i++;
      }
      while (j < m && b[j] <= value) {
        j++;
      }
      greatest = Math.max(greatest, Math.abs(i * m - j * n));
    }
    double statistic = (double) greatest / (n * m);
    return new KolmogorovSmirnov(
        statistic,
        n * m <= EXACT
            ? exact(a.length, b.length, greatest)
            : limit(statistic, a.length, b.length));
  }

  private static double[] sorted(double[] sample) {
    if (sample.length == 0) {
      throw new IllegalArgumentException("an empty sample has no distribution");
    }
    for (double value : sample) {
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException("a sample holds NaN");
      }
    }
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * The share of orders of n and m values in which the functions are somewhere that far apart:
   * lattice paths that leave a corridor (Hodges, "The significance probability of the Smirnov
   * two-sample test", 1958).
   */
  private static double exact(int n, int m, long greatest) {
    if (greatest == 0) {
      return 1;
    }
    double[] inside = new double[m + 1];
    double[] all = new double[m + 1];
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= m; j++) {
        boolean corner = i == 0 && j == 0;
        double left = j == 0 ? 0 : inside[j - 1];
        double below = i == 0 ? 0 : inside[j];
        boolean within = Math.abs((long) i * m - (long) j * n) < greatest;
        inside[j] = within ? (corner ? 1 : left + below) : 0;
        all[j] = corner ? 1 : (j == 0 ? 0 : all[j - 1]) + (i == 0 ? 0 : all[j]);
      }
    }
    return Math.clamp(1 - inside[m] / all[m], 0, 1);
  }

  /** The limiting distribution, with Stephens' correction for finite samples (1970). */
  private static double limit(double statistic, double n, double m) {
    double root = Math.sqrt(n * m / (n + m));
    double lambda = (root + 0.12 + 0.11 / root) * statistic;
    double sum = 0;
    double sign = 1;
    for (int k = 1; k <= TERMS; k++) {
      double term = Math.exp(-2.0 * k * k * lambda * lambda);
      sum += sign * term;
      sign = -sign;
      if (term < 1e-16) {
        return Math.clamp(2 * sum, 0, 1);
      }
    }
    return 1; // lambda is so near 0 that the series does not converge
  }
}
