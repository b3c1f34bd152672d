package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole training steps: what a backend fuses, keeps in a layout of its own, or runs in place must
 * give what the ops give one by one.
 */
@OnEveryBackend
class GraphParityTest {
  /** Single precision through a dozen layers forth and back, relative to the largest element. */
  private static final double TOLERANCE = 2e-4;

  private final Backend backend;

  GraphParityTest(Backend backend) {
    this.backend = backend;
  }

  static List<SampleGraphs.Sample> samples() {
    return SampleGraphs.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void trainsLikeTheReference(SampleGraphs.Sample sample) {
    assumeTrue(sample.supported(backend), () -> backend.name() + " lacks an op of " + sample);
    Map<String, float[]> expected = sample.run(new ReferenceBackend(), 3);
    Map<String, float[]> actual = sample.run(backend, 3);
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, values) ->
            assertThat(distance(values, actual.getOrDefault(name, new float[0])))
                .as("%s of %s", name, sample)
                .isLessThan(TOLERANCE));
  }

  /** The largest difference relative to the largest element. */
  private static double distance(float[] expected, float[] actual) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isFinite();
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(largest).as("a tensor of zeros would compare with anything").isPositive();
    return difference / largest;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bitsDoNotDependOnThreads(SampleGraphs.Sample sample) {
    assumeTrue(sample.supported(backend), () -> backend.name() + " lacks an op of " + sample);
    Map<String, float[]> expected = sample.run(backend, 2);
    for (int threads : new int[] {1, 3}) {
      try (Backend other = Backends.create(backend.name(), new BackendOptions(threads))) {
        sample
            .run(other, 2)
            .forEach(
                (name, values) ->
                    assertThat(values)
                        .as("%s of %s with %d threads", name, sample, threads)
                        .containsExactly(expected.getOrDefault(name, new float[0])));
      }
    }
  }
}
