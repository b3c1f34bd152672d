package dev.accrete.cl.metrics;

/**
 * What a continual strategy saves of a resource against re-training, as fractions of what
 * re-training needs at the last experience: {@code saving(t) = (retrain(t) - continual(t)) /
 * retrain(T)}.
 *
 * @param average mean over all experiences
 * @param last at the last experience
 */
public record Saving(double average, double last) {
  /** The saving of two cost series of equal length, one number an experience. */
  static Saving of(double[] continual, double[] retrain) {
    double full = retrain[retrain.length - 1];
    double sum = 0;
    for (int t = 0; t < retrain.length; t++) {
      sum += (retrain[t] - continual[t]) / full;
    }
    return new Saving(sum / retrain.length, (full - continual[continual.length - 1]) / full);
  }
}
