package dev.accrete.nn.layer;

import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;

/** Collects what layers declare: trained parameters, and the moving moments of normalizations. */
public final class Declarations {
  private final Parameters.Builder parameters = Parameters.builder();
  private final Parameters.Builder moments = Parameters.builder();

  /** Nothing declared yet. */
  public Declarations() {}

  /**
   * Declares a trained parameter.
   *
   * @param fanIn how many inputs each output sums over, for initializers; 0 if none
   * @throws IllegalArgumentException if the name is taken
   */
  public void parameter(String name, Role role, Shape shape, int fanIn) {
    parameters.add(name, role, shape, fanIn);
  }

  /**
   * Declares the moving mean and variance of a normalization over {@code channels} channels.
   *
   * @throws IllegalArgumentException if a name is taken
   */
  public void moments(String mean, String variance, int channels) {
    moments.add(mean, Role.MOVING_MEAN, Shape.of(channels), 0);
    moments.add(variance, Role.MOVING_VARIANCE, Shape.of(channels), 0);
  }

  /** The layout of the trained parameters declared so far. */
  public Parameters parameterLayout() {
    return parameters.build();
  }

  /** The layout of the moments declared so far. */
  public Parameters momentLayout() {
    return moments.build();
  }
}
