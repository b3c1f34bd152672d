package dev.accrete.cl.metrics;

import java.util.Arrays;

/**
 * How much of what was once known is lost at the end.
 *
 * <p>After Chaudhry et al., "Riemannian Walk for Incremental Learning" (ECCV 2018): the forgetting
 * of a task is its best earlier accuracy minus its final accuracy. Streams such as NICv2 have no
 * tasks and their classes come back, so it is taken per class: the best accuracy on the test images
 * of a class in any evaluation after the class was first seen and before the last one, minus that
 * in the last one; the mean is over the classes that have both. It lies in -1..1 and is negative
 * where later experiences helped.
 */
public final class Forgetting {
  private final double[] best;
  private final double[] last;

  /** Nothing evaluated yet. */
  public Forgetting(int classes) {
    best = new double[classes];
    last = new double[classes];
    Arrays.fill(best, Double.NaN);
    Arrays.fill(last, Double.NaN);
  }

  /**
   * Continues from what {@link #state()} returned.
   *
   * @throws IllegalArgumentException if the length is odd
   */
  public static Forgetting ofState(double[] state) {
    if (state.length % 2 != 0) {
      throw new IllegalArgumentException(
          "state has " + state.length + " numbers, must have two for each class");
    }
    Forgetting forgetting = new Forgetting(state.length / 2);
    System.arraycopy(state, 0, forgetting.best, 0, forgetting.best.length);
    System.arraycopy(state, forgetting.best.length, forgetting.last, 0, forgetting.last.length);
    return forgetting;
  }

  /**
   * Adds one evaluation, in stream order.
   *
   * @param confusion its answers; classes without test images are left out
   * @param seen the classes seen in the stream so far
   * @throws IllegalArgumentException if a class is out of range
   */
  public void add(ConfusionMatrix confusion, int[] seen) {
    if (confusion.classes() != best.length) {
      throw new IllegalArgumentException(
          "the evaluation has " + confusion.classes() + " classes, forgetting " + best.length);
    }
    for (int c : seen) {
      double accuracy = confusion.accuracy(c);
      if (Double.isNaN(accuracy)) {
        continue;
      }
      if (!Double.isNaN(last[c])) {
        best[c] = Double.isNaN(best[c]) ? last[c] : Math.max(best[c], last[c]);
      }
      last[c] = accuracy;
    }
  }

  /** The forgetting of one class; NaN if it was evaluated less than twice since it was seen. */
  public double of(int label) {
    return best[label] - last[label];
  }

  /** The mean over the classes evaluated at least twice since they were seen; 0 if none was. */
  public double average() {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < best.length; c++) {
      if (!Double.isNaN(of(c))) {
        sum += of(c);
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }

  /** Everything needed to go on later: two numbers for each class, some of them NaN. */
  public double[] state() {
    double[] state = Arrays.copyOf(best, 2 * best.length);
    System.arraycopy(last, 0, state, best.length, last.length);
    return state;
  }
}
