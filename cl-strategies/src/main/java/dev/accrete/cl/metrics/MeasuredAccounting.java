package dev.accrete.cl.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * What a continual strategy saved against re-training, from costs measured while both ran.
 *
 * <p>Re-training at every experience of a long stream takes days, so it may be measured at some of
 * them ({@link #sampledAt()}). The others are filled in from what is known about them without
 * running them:
 *
 * <ul>
 *   <li>computation (multiply-accumulates or seconds) is <i>work</i> times <i>cost per unit of
 *       work</i>. The work, epochs times images, is known exactly for every experience ({@link
 *       RetrainSchedule#work}); the cost per unit is interpolated linearly between the sampled
 *       experiences and constant outside them;
 *   <li>memory (peak bytes) is interpolated linearly in the number of images held ({@link
 *       RetrainSchedule#imagesHeld}), and constant outside the sampled experiences, which
 *       understates the saving after the last one.
 * </ul>
 */
public final class MeasuredAccounting {
  private final Saving saving;
  private final double stream;
  private final double[] retrain;
  private final List<Integer> sampledAt;

  private MeasuredAccounting(
      double[] continual, double[] retrain, double stream, List<Integer> sampledAt) {
    this.saving = Saving.of(continual, retrain);
    this.retrain = retrain;
    this.stream = stream;
    this.sampledAt = sampledAt;
  }

  /**
   * Accounts for multiply-accumulates or seconds; over the stream they add up.
   *
   * @param continual cost of the continual strategy at every experience
   * @param work image presentations of re-training at every experience, see {@link
   *     RetrainSchedule#work}
   * @param retrainAt measured cost of re-training, by experience
   * @throws IllegalArgumentException if nothing was sampled, an experience is out of range, lengths
   *     differ, or a number is negative, zero (re-training, work) or not finite
   */
  public static MeasuredAccounting compute(
      double[] continual, double[] work, SortedMap<Integer, Double> retrainAt) {
    check(continual, work, retrainAt);
    double[] at = retrainAt.keySet().stream().mapToDouble(t -> t).toArray();
    double[] perUnit =
        retrainAt.entrySet().stream().mapToDouble(e -> e.getValue() / work[e.getKey()]).toArray();
    double[] retrain = new double[work.length];
    Arrays.setAll(retrain, t -> work[t] * PiecewiseLinear.at(t, at, perUnit));
    double stream = 1 - Arrays.stream(continual).sum() / Arrays.stream(retrain).sum();
    return new MeasuredAccounting(continual, retrain, stream, List.copyOf(retrainAt.keySet()));
  }

  /**
   * Accounts for peak bytes; over the stream the highest peak counts.
   *
   * @param continual peak of the continual strategy at every experience
   * @param imagesHeld images re-trained on at every experience, strictly increasing, see {@link
   *     RetrainSchedule#imagesHeld}
   * @param retrainAt measured peak of re-training, by experience
   * @throws IllegalArgumentException as {@link #compute}
   */
  public static MeasuredAccounting memory(
      double[] continual, double[] imagesHeld, SortedMap<Integer, Double> retrainAt) {
    check(continual, imagesHeld, retrainAt);
    double[] at = retrainAt.keySet().stream().mapToDouble(t -> imagesHeld[t]).toArray();
    double[] peaks = retrainAt.values().stream().mapToDouble(peak -> peak).toArray();
    double[] retrain = new double[imagesHeld.length];
    Arrays.setAll(retrain, t -> PiecewiseLinear.at(imagesHeld[t], at, peaks));
    double stream = 1 - max(continual) / max(retrain);
    return new MeasuredAccounting(continual, retrain, stream, List.copyOf(retrainAt.keySet()));
  }

  /** Average and last saving, by the same formula as {@link SeedAccounting}. */
  public Saving saving() {
    return saving;
  }

  /**
   * Saving over the whole stream, as a fraction of what re-training at every experience would need:
   * of the sum for computation, of the highest peak for memory.
   */
  public double stream() {
    return stream;
  }

  /** The cost of re-training at every experience: measured where sampled, else interpolated. */
  public double[] retrain() {
    return retrain.clone();
  }

  /** The experiences at which re-training was measured, increasing. */
  public List<Integer> sampledAt() {
    return sampledAt;
  }

  /** Whether the last saving rests on a measurement of re-training at the last experience. */
  public boolean isLastMeasured() {
    return sampledAt.getLast() == retrain.length - 1;
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private static void check(
      double[] continual, double[] known, SortedMap<Integer, Double> retrainAt) {
    if (continual.length != known.length) {
      throw new IllegalArgumentException(
          continual.length
              + " costs of the continual strategy for "
              + known.length
              + " experiences");
    }
    if (retrainAt.isEmpty()) {
      throw new IllegalArgumentException(
          "re-training was measured at no experience: run it at least at the last one");
    }
    for (double cost : continual) {
      if (!(cost >= 0 && cost < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a continual cost is " + cost + ", must be 0 or more");
      }
    }
    for (double value : known) {
      requirePositive("work or images of re-training", value);
    }
    retrainAt.forEach(
        (t, cost) -> {
          if (t < 0 || t >= known.length) {
            throw new IllegalArgumentException(
                "re-training was measured at experience "
                    + t
                    + ", not in 0.."
                    + (known.length - 1));
          }
          requirePositive("the cost of re-training at experience " + t, cost);
        });
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " is " + value + ", must be positive and finite");
    }
  }
}
