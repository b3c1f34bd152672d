package dev.accrete.cl.strategy;

import dev.accrete.core.Parameters.Role;
import dev.accrete.nn.Network;
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

  /** Steps that train the whole network, with nothing that protects what was learned before. */
  static Steps unprotected(Network network, Solver solver) {
    return (first, phase, rows) ->
        TrainingSpec.builder(network, rows)
            .norm(solver.norm())
            .multiplier(p -> p.role() == Role.HEAD ? phase.headMultiplier() : 1)
            .weightDecay(solver.weightDecay())
            .momentum(solver.momentum(), false)
            .build();
  }
}
