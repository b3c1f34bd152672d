package dev.accrete.bench.work;

import java.util.Arrays;
import java.util.List;

/** Statistics that a few stray samples do not move. */
public final class Statistics {
  private Statistics() {}

  /**
   * The median; of an even number of values the mean of the middle two.
   *
   * @throws IllegalArgumentException if there are no values
   */
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values, so no median");
    }
    return median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The same of an array of at least one value, which is sorted on return. */
  public static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
