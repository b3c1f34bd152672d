package dev.accrete.bench.gpu;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.Network;
import dev.accrete.nn.NormKind;
import dev.accrete.nn.TrainingSpec;
import java.util.EnumSet;
import java.util.Set;

/** The training steps that are timed. */
enum StepKind {
  /** What the peers do: batch normalization, everything trains, nothing is remembered. */
  BATCH_NORM,
  /** AR1* after the first experience: renormalization, the spatial filters frozen, importance. */
  AR1_STAR,
  /** AR1* with latent replay: what is above {@value #LATENT_LAYER} trains on its activations. */
  LATENT_REPLAY;

  /** The layer at which latent replay was published. */
  static final String LATENT_LAYER = "conv5_4/dw";

  private static final float MOMENTUM = 0.9f;

  /** On every parameter, as the peers have it; the trainer's default spares scales and shifts. */
  private static final float WEIGHT_DECAY = 5e-4f;

  private static final Set<Role> WITHOUT_IMPORTANCE =
      EnumSet.of(Role.HEAD, Role.NORM_SCALE, Role.NORM_SHIFT);

  /** How such a step trains. */
  TrainingSpec spec(Network network, int miniBatch) {
    TrainingSpec.Builder builder = TrainingSpec.builder(network, miniBatch);
    return switch (this) {
      case BATCH_NORM ->
          builder
              .norm(NormKind.BATCH)
              .momentum(MOMENTUM, false)
              .weightDecay(parameter -> WEIGHT_DECAY)
              .build();
      case AR1_STAR ->
          builder
              .norm(NormKind.RENORM)
              .trainable(p -> moves(network, p))
              .synaptic(p -> isSynaptic(network, p))
              .penalty(SgdSynaptic.Penalty.GRADIENT_SCALE)
              .build();
      case LATENT_REPLAY -> builder.norm(NormKind.RENORM).build();
    };
  }

  private static boolean moves(Network network, Parameter parameter) {
    return parameter.role() != Role.DEPTHWISE && !parameter.equals(network.firstConvolution());
  }

  /** What has importance: whatever trains below the head, but no parameter of a normalization. */
  static boolean isSynaptic(Network network, Parameter parameter) {
    return moves(network, parameter) && !WITHOUT_IMPORTANCE.contains(parameter.role());
  }
}
