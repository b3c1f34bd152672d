package dev.accrete.nn;

/** A schedule: the learning rate of every step. */
@FunctionalInterface
public interface LearningRate {
  /** The learning rate of {@code step}, counted from 0. */
  float at(long step);

  /** The same rate for ever. */
  static LearningRate constant(float rate) {
    return step -> rate;
  }

  /** See {@link CosineSchedule}. */
  static LearningRate cosine(float peak, long warmUpSteps, long totalSteps) {
    return new CosineSchedule(peak, warmUpSteps, totalSteps);
  }
}
