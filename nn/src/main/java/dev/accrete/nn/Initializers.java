package dev.accrete.nn;

import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The values that parameters start from. */
public final class Initializers {
  private Initializers() {}

  /**
   * Weights in the layout of {@code parameters}: normal with standard deviation {@code sqrt(2 /
   * fanIn)} where a ReLU follows (He et al. 2015), {@code sqrt(1 / fanIn)} in the head; scales 1;
   * shifts and biases 0. Each parameter draws from a stream of its own position, so that one more
   * layer at the end changes no other.
   */
  public static float[] weights(Parameters parameters, long seed) {
    return weights(parameters, seed, parameter -> true);
  }

  /** The same with zeros in place of everything but heads. */
  static float[] head(Parameters parameters, long seed) {
    return weights(parameters, seed, parameter -> parameter.role() == Role.HEAD);
  }

  private static float[] weights(Parameters parameters, long seed, Predicate<Parameter> drawn) {
    float[] weights = new float[parameters.size()];
    List<Parameter> all = parameters.all();
    IntStream.range(0, all.size())
        .parallel()
        .filter(i -> drawn.test(all.get(i)))
        .forEach(i -> fill(all.get(i), weights, Rng.of(seed, i)));
    return weights;
  }

  private static void fill(Parameter parameter, float[] weights, Rng rng) {
    int from = parameter.offset();
    int to = from + parameter.size();
    switch (parameter.role()) {
      case CONVOLUTION, DEPTHWISE, LINEAR, HEAD -> {
        double gain = parameter.role() == Role.HEAD ? 1 : 2;
        double deviation = Math.sqrt(gain / parameter.fanIn());
        for (int i = from; i < to; i++) {
          weights[i] = (float) (deviation * rng.nextGaussian());
        }
      }
      case NORM_SCALE -> Arrays.fill(weights, from, to, 1f);
      case BIAS, NORM_SHIFT -> Arrays.fill(weights, from, to, 0f);
      case MOVING_MEAN, MOVING_VARIANCE ->
          throw new IllegalArgumentException(parameter.name() + " is a moment, not a weight");
    }
  }

  /** Means 0 and variances 1, in the layout of {@code moments}. */
  public static float[] moments(Parameters moments) {
    float[] values = new float[moments.size()];
    for (Parameter moment : moments.all()) {
      if (moment.role() == Role.MOVING_VARIANCE) {
        Arrays.fill(values, moment.offset(), moment.offset() + moment.size(), 1f);
      }
    }
    return values;
  }
}
