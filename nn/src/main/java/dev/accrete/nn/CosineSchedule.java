package dev.accrete.nn;

/**
 * A linear rise to {@code peak} over the first {@code warmUpSteps}, then half a cosine down to 0 at
 * {@code totalSteps} (Loshchilov and Hutter 2017, without restarts).
 */
public record CosineSchedule(float peak, long warmUpSteps, long totalSteps)
    implements LearningRate {
  public CosineSchedule {
    if (!(peak > 0) || warmUpSteps < 0 || totalSteps <= warmUpSteps) {
      throw new IllegalArgumentException(
          "a cosine schedule needs a positive peak and 0 <= warm-up < total steps, got peak "
              + peak
              + ", warm-up "
              + warmUpSteps
              + ", total "
              + totalSteps);
    }
  }

  @Override
  public float at(long step) {
    if (step < warmUpSteps) {
      return (float) (peak * (step + 1.0) / warmUpSteps);
    }
    double progress = (step - warmUpSteps) / (double) (totalSteps - warmUpSteps);
    return (float) (peak * 0.5 * (1 + StrictMath.cos(StrictMath.PI * Math.min(1, progress))));
  }
}
