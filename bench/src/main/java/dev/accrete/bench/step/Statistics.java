package dev.accrete.bench.step;

import java.util.List;

/** Statistics that a few stray samples do not move. */
final class Statistics {
  private Statistics() {}

  /**
   * The median; of an even number of values the mean of the middle two.
   *
   * @throws IllegalArgumentException if there are no values
   */
  static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values, so no median");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
