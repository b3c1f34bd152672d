package dev.accrete.cl.strategy;

import dev.accrete.nn.TrainingSpec;

/** Gives the step of training for a number of rows. */
@FunctionalInterface
interface Steps {
  /**
   * The step of one part of the stream.
   *
   * @param first whether it is for the first experience
   * @param rows images per step
   */
  TrainingSpec spec(boolean first, Phase phase, int rows);
}
