package dev.accrete.production.gate;

import java.util.Arrays;

/** Where a number lies with some confidence. */
public record Interval(double low, double high) {
  /**
   * The middle part of some numbers, by linear interpolation between neighbours in order (type 7 of
   * Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996).
   *
   * @param share how much of them, below 1
   * @throws IllegalArgumentException if there are none
   */
  static Interval middle(double[] numbers, double share) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return new Interval(quantile(sorted, (1 - share) / 2), quantile(sorted, (1 + share) / 2));
  }

  private static double quantile(double[] sorted, double p) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no numbers have no quantile");
    }
    double at = p * (sorted.length - 1);
    int below = (int) Math.floor(at);
    double from = sorted[below];
    double to = sorted[Math.min(below + 1, sorted.length - 1)];
    return from == to ? from : from + (at - below) * (to - from); // equal infinities stay
  }
}
