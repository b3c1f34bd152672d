package dev.accrete.nn.layer;

import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import java.util.HashMap;
import java.util.Map;

/** Collects what layers declare: trained parameters, and the moving moments of normalizations. */
public final class Declarations {
  private final Parameters.Builder parameters = Parameters.builder();
  private final Parameters.Builder moments = Parameters.builder();
  private final Map<String, String> sources = new HashMap<>();
  private String source = IMAGE;

  /** What {@link #source} says of the channels of an image. */
  public static final String IMAGE = "";

  /** Nothing declared yet. */
  public Declarations() {}

  /**
   * Declares a trained parameter. A weight that mixes channels reads those of {@link #source}, and
   * is the source of what it writes.
   *
   * @param fanIn how many inputs each output sums over, for initializers; 0 if none
   * @throws IllegalArgumentException if the name is taken
   */
  public void parameter(String name, Role role, Shape shape, int fanIn) {
    parameters.add(name, role, shape, fanIn);
    switch (role) {
      case CONVOLUTION, LINEAR, HEAD -> {
        sources.put(name, source);
        source = name;
      }
      case DEPTHWISE, BIAS, NORM_SCALE, NORM_SHIFT -> {}
      case MOVING_MEAN, MOVING_VARIANCE ->
          throw new IllegalArgumentException(name + " is a moment; declare it as one");
    }
  }

  /**
   * The weight whose outputs are the channels that the next layer reads, or {@link #IMAGE}. It
   * follows from what is declared one after the other; a layer with branches puts it back for each.
   */
  public String source() {
    return source;
  }

  /** Says that the next layer reads the channels of {@code weight}; see {@link #source()}. */
  public void source(String weight) {
    source = weight;
  }

  /** For each weight that mixes channels, the weight or {@link #IMAGE} that it reads those of. */
  public Map<String, String> sources() {
    return Map.copyOf(sources);
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
