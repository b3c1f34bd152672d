package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InitializersTest {
  private final Network network = MobileNetV1.of(0.5, 50, 64);

  private static float[] part(float[] flat, Parameter parameter) {
    return Arrays.copyOfRange(flat, parameter.offset(), parameter.offset() + parameter.size());
  }

  @Test
  void weightsHaveTheDeviationOfTheirFanIn() {
    float[] weights = network.initialWeights(3);
    for (Parameter parameter : network.parameters().all()) {
      float[] values = part(weights, parameter);
      if (parameter.fanIn() == 0) {
        float expected = parameter.role() == Role.NORM_SCALE ? 1 : 0;
        for (float value : values) {
          assertThat(value).isEqualTo(expected);
        }
        continue;
      }
      double square = 0;
      for (float value : values) {
        square += (double) value * value / values.length;
      }
      double gain = parameter.role() == Role.HEAD ? 1 : 2;
      // The estimate of a variance from n values has a relative deviation of sqrt(2 / n).
      assertThat(square * parameter.fanIn() / gain)
          .as(parameter.name())
          .isCloseTo(1, within(5 * Math.sqrt(2.0 / values.length)));
    }
  }

  @Test
  void momentsAreThoseOfNormalizedData() {
    float[] moments = network.initialMoments();
    for (Parameter moment : network.moments().all()) {
      float expected = moment.role() == Role.MOVING_VARIANCE ? 1 : 0;
      for (float value : part(moments, moment)) {
        assertThat(value).isEqualTo(expected);
      }
    }
  }

  @Test
  void theSeedDecidesAndAnotherHeadChangesNothingBelow() {
    float[] weights = network.initialWeights(3);
    assertThat(network.initialWeights(3)).isEqualTo(weights);
    assertThat(network.initialWeights(4)).isNotEqualTo(weights);
    Network other = MobileNetV1.of(0.5, 7, 64);
    int below = network.head().offset();
    assertThat(Arrays.copyOf(other.initialWeights(3), below))
        .isEqualTo(Arrays.copyOf(weights, below));
  }
}
