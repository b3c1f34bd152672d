package dev.accrete.production.serve.live;

import java.util.Arrays;

/**
 * The probabilities of one image.
 *
 * @param all holds them, from {@code from} on
 * @param classes how many there are
 */
@SuppressWarnings("ArrayRecordComponent") // A view of an array of a whole batch, never compared.
public record Scores(double[] all, int from, int classes) {
  /** The probability of a class. */
  public double of(int index) {
    return all[from + index];
  }

  /** The most probable class; of equals the first. */
  public int best() {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (of(k) > of(best)) {
        best = k;
      }
    }
    return best;
  }

  /**
   * The most probable classes, the best first, equals in the model's order.
   *
   * @param most how many at most
   * @param threshold what their probability must reach
   */
  public int[] top(int most, double threshold) {
    int[] top = new int[Math.min(most, classes)];
    int count = 0;
    for (int k = 0; k < classes; k++) {
      double probability = of(k);
      if (probability < threshold || (count == top.length && probability <= of(top[count - 1]))) {
        continue;
      }
      int at = count < top.length ? count++ : count - 1;
      while (at > 0 && probability > of(top[at - 1])) {
        top[at] = top[at - 1];
        at--;
      }
      top[at] = k;
    }
    return Arrays.copyOf(top, count);
  }
}
