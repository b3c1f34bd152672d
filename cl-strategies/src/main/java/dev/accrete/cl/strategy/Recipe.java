package dev.accrete.cl.strategy;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.Network;
import dev.accrete.nn.TrainingSpec;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is trained and what is frozen. Rules ask for a parameter's role, never for its name, so that
 * they hold for every network.
 *
 * @param trainable what a step updates; everything else takes no weight decay, momentum or
 *     importance
 * @param penalty how importance acts
 */
record Recipe(Predicate<Parameter> trainable, SgdSynaptic.Penalty penalty) {
  private static final Set<Role> WITHOUT_IMPORTANCE =
      EnumSet.of(Role.HEAD, Role.NORM_SCALE, Role.NORM_SHIFT);

  /** Everything trains, without importance. */
  static Recipe everything() {
    return new Recipe(p -> true, SgdSynaptic.Penalty.NONE);
  }

  /** The head alone trains. */
  static Recipe headAlone() {
    return new Recipe(p -> p.role() == Role.HEAD, SgdSynaptic.Penalty.NONE);
  }

  /**
   * The convolution next to the image and all depthwise ones are frozen, as AR1* has them after the
   * first experience. A bias freezes with the weight it follows in the layout.
   */
  static Recipe spatialFrozen(Network network, SgdSynaptic.Penalty penalty) {
    Set<Parameter> frozen = new HashSet<>();
    boolean foundFirst = false;
    boolean frozenLayer = false;
    for (Parameter parameter : network.parameters().all()) {
      switch (parameter.role()) {
        case CONVOLUTION, DEPTHWISE -> {
          frozenLayer = !foundFirst || parameter.role() == Role.DEPTHWISE;
          foundFirst = true;
        }
        case BIAS -> {}
        default -> frozenLayer = false;
      }
      if (frozenLayer) {
        frozen.add(parameter);
      }
    }
    return new Recipe(p -> !frozen.contains(p), penalty);
  }

  Recipe withPenalty(SgdSynaptic.Penalty other) {
    return new Recipe(trainable, other);
  }

  /** What has importance: whatever trains below the head, but no parameter of a normalization. */
  Predicate<Parameter> synaptic() {
    return trainable.and(p -> !WITHOUT_IMPORTANCE.contains(p.role()));
  }

  /** The training step of this recipe. */
  TrainingSpec spec(Network network, Hyperparameters settings, Phase phase, int miniBatch) {
    SynapticSettings synaptic = settings.synaptic();
    boolean important = penalty != SgdSynaptic.Penalty.NONE;
    return TrainingSpec.builder(network, miniBatch)
        .norm(settings.norm())
        .trainable(trainable)
        .multiplier(p -> p.role() == Role.HEAD ? phase.headMultiplier() : 1)
        .weightDecay(p -> TrainingSpec.WEIGHTS.contains(p.role()) ? settings.weightDecay() : 0)
        .synaptic(important ? synaptic() : p -> false)
        .penalty(penalty)
        .trajectory(synaptic.trajectory())
        .importanceMax(synaptic.max())
        .strength(synaptic.strength())
        .momentum(settings.momentum(), false)
        .build();
  }
}
