package dev.accrete.cl.strategy;

import dev.accrete.core.Variable;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.SparseImportance;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.Variables;
import java.util.List;
import java.util.Optional;

/**
 * A part of a {@link Composition}: it contributes to what a step of training does, which is compiled
 * once for the first experience and once for the later ones, and acts at the borders of an
 * experience. Parts begin in the order they were named, and end in the opposite one.
 */
public interface Part {
  /**
   * Which weights of the network can have importance; asked once, before there is a learner.
   *
   * @param seed the strategy's
   */
  default Optional<SparseImportance> importance(Network network, long seed) {
    return Optional.empty();
  }

  /** Called once, when the learner has its initial weights. */
  default void attach(Learner learner) {}

  /**
   * Adds to the step of training.
   *
   * @param first whether the step is for the first experience, or for all later ones
   */
  default void contribute(boolean first, TrainingSpec.Builder step) {}

  /** Called before the training of an experience. */
  default void begin(Border border) {}

  /** Called after the training of an experience. */
  default void end(Border border) {}

  /** The variables of the learner that this part needs to find again in a later experience. */
  default List<Variable> variables(Variables variables) {
    return List.of();
  }

  /** Saves what this part knows beyond its variables. */
  default void save(StateWriter state) {}

  /**
   * Restores what {@link #save} saved; the variables are restored already.
   *
   * @throws dev.accrete.core.AccreteException if it does not fit
   */
  default void restore(StateReader state) {}
}
