package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Setting;
import java.util.List;

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
    @Setting(value = "passes over the images", min = 1, max = 100000) int epochs,
    @Setting(value = "learning rate below the head", min = 0) float learningRate,
    @Setting(value = "times the learning rate is that of the head", min = 0) float headMultiplier,
    @Setting(value = "limit of r in batch renormalization", min = 1) float rMax,
    @Setting(value = "limit of d in batch renormalization", min = 0) float dMax,
    @Setting(value = "weight of the old moving moments at every step", min = 0, max = 1)
        float averaging) {

  /** The first experience of a stream, as published for every strategy. */
  public static final Phase FIRST = new Phase(4, 1e-3f, 1f, 3f, 5f, 0.99f);

  /** A stream whose limits of batch renormalization were published, and those limits. */
  private record Limits(int experiences, float rMax, float dMax) {}

  private static final List<Limits> PUBLISHED =
      List.of(
          new Limits(79, 1.25f, 0.5f), new Limits(196, 1.25f, 0.5f), new Limits(391, 1.5f, 2.5f));

  /**
   * The later experiences of a stream, as published for CWR*; other strategies differ in some
   * values. The limits of batch renormalization were published for streams of 79, 196 and 391
   * experiences; another stream takes those of the nearest.
   *
   * @param horizon experiences that the stream is expected to have
   */
  public static Phase later(int horizon) {
    Limits best = PUBLISHED.getFirst();
    for (Limits limits : PUBLISHED) {
      if (Math.abs(limits.experiences - horizon) < Math.abs(best.experiences - horizon)) {
        best = limits;
      }
    }
    return new Phase(
        FIRST.epochs, FIRST.learningRate, FIRST.headMultiplier, best.rMax, best.dMax, 0.9999f);
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

  /** This phase with another weight of the old moving moments. */
  public Phase withAveraging(float weight) {
    return new Phase(epochs, learningRate, headMultiplier, rMax, dMax, weight);
  }
}
