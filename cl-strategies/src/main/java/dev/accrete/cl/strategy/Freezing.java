package dev.accrete.cl.strategy;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.nn.Cut;
import dev.accrete.nn.Network;
import dev.accrete.nn.TrainingSpec;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What trains after the first experience, in which everything does. Rules ask for a parameter's
 * role, never for its name, so that they hold for every network.
 */
public final class Freezing implements Part {
  private final Predicate<Parameter> later;
  private final Optional<Cut> cut;

  private Freezing(Predicate<Parameter> later, Optional<Cut> cut) {
    this.later = later;
    this.cut = cut;
  }

  /** Everything trains always. */
  public static Freezing none() {
    return new Freezing(p -> true, Optional.empty());
  }

  /** What a rule leaves out is frozen, moving moments excepted. */
  public static Freezing allBut(Predicate<Parameter> frozen) {
    return new Freezing(frozen.negate(), Optional.empty());
  }

  /**
   * The convolution next to the image and all depthwise ones are frozen, as AR1* has them. A bias
   * freezes with the weight it follows in the layout.
   */
  public static Freezing spatial(Network network) {
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
    return allBut(frozen::contains);
  }

  /**
   * Everything below a cut is frozen, moving moments included: its latents of an image are the same
   * in every epoch, and are computed once.
   */
  public static Freezing below(Cut cut) {
    return new Freezing(cut::isAbove, Optional.of(cut));
  }

  /** Where the network is cut after the first experience, if what is below is wholly frozen. */
  Optional<Cut> cut() {
    return cut;
  }

  /** Whether a parameter trains. */
  public boolean trains(boolean first, Parameter parameter) {
    return first || later.test(parameter);
  }

  @Override
  public void contribute(boolean first, TrainingSpec.Builder step) {
    step.trainable(p -> trains(first, p));
  }
}
