package dev.accrete.cl.strategy;

import dev.accrete.nn.LearningRate;

/** How the learning rate of one training runs from its first step to its last. */
public enum Annealing {
  /** The same rate throughout, as published for the streams. */
  CONSTANT {
    @Override
    LearningRate rate(float peak, long steps) {
      return LearningRate.constant(peak);
    }
  },
  /** A linear rise over the first twentieth, then half a cosine down to 0. */
  COSINE {
    @Override
    LearningRate rate(float peak, long steps) {
      return LearningRate.cosine(peak, steps / WARM_UP, steps);
    }
  };

  private static final long WARM_UP = 20;

  /** The rate of every step of a training of {@code steps} steps that reaches {@code peak}. */
  abstract LearningRate rate(float peak, long steps);
}
