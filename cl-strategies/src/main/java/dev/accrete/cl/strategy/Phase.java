package dev.accrete.cl.strategy;

/**
 * How one part of the stream is trained: its first experience, or all later ones.
 *
 * @param epochs passes over the images of an experience
 * @param learningRate of all parameters but the head
 * @param headMultiplier times the learning rate is that of the head
 * @param rMax limit of r in batch renormalization, at least 1
 * @param dMax limit of d, at least 0
 * @param averaging weight of the old moving moments at every step, in [0, 1]
 */
public record Phase(
    int epochs, float learningRate, float headMultiplier, float rMax, float dMax, float averaging) {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public Phase {
    Ranges.require(epochs >= 1, "epochs", epochs, "at least 1");
    Ranges.require(learningRate >= 0, "learning-rate", learningRate, "at least 0");
    Ranges.require(headMultiplier >= 0, "head-multiplier", headMultiplier, "at least 0");
    Ranges.require(rMax >= 1, "r-max", rMax, "at least 1");
    Ranges.require(dMax >= 0, "d-max", dMax, "at least 0");
    Ranges.require(averaging >= 0 && averaging <= 1, "averaging", averaging, "in [0, 1]");
  }

  /** This phase with another number of epochs. */
  public Phase withEpochs(int count) {
    return new Phase(count, learningRate, headMultiplier, rMax, dMax, averaging);
  }

  /** This phase with another learning rate. */
  public Phase withLearningRate(float rate) {
    return new Phase(epochs, rate, headMultiplier, rMax, dMax, averaging);
  }

  /** This phase with another multiplier of the head's learning rate. */
  public Phase withHeadMultiplier(float multiplier) {
    return new Phase(epochs, learningRate, multiplier, rMax, dMax, averaging);
  }

  /** This phase with other limits of batch renormalization. */
  public Phase withLimits(float r, float d) {
    return new Phase(epochs, learningRate, headMultiplier, r, d, averaging);
  }

  /** This phase with another weight of the old moving moments. */
  public Phase withAveraging(float weight) {
    return new Phase(epochs, learningRate, headMultiplier, rMax, dMax, weight);
  }
}
