package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Rng;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several steps of training a small network, in which activations are virtual and gradients fused.
 */
class FusedTrainingTest {
  private static final int STEPS = 4;

  @ParameterizedTest
  @EnumSource
  void agreesWithReference(TrainingGraph.Norm norm) {
    Map<String, float[]> expected = train(new ReferenceBackend(), norm);
    Map<String, float[]> actual = train(new VectorBackend(new BackendOptions(2)), norm);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> assertClose(name, Objects.requireNonNull(actual.get(name)), values));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void threadsDoNotChangeABit(int threads) {
    TrainingGraph.Norm norm = TrainingGraph.Norm.RENORM;
    Map<String, float[]> one = train(new VectorBackend(new BackendOptions(1)), norm);
    Map<String, float[]> many = train(new VectorBackend(new BackendOptions(threads)), norm);
    one.forEach(
        (name, values) -> assertThat(Arrays.equals(many.get(name), values)).as(name).isTrue());
  }

  @Test
  void normalizedActivationsAreNeverStored() {
    try (Backend backend = new VectorBackend(new BackendOptions(1));
        TrainingGraph.Session session =
            new TrainingGraph(64, TrainingGraph.Norm.RENORM).on(backend)) {
      // Three convolution outputs live until the backward pass, and two gradients beside them.
      long activation = 4L * 64 * 32 * TrainingGraph.SIZE * TrainingGraph.SIZE;
      assertThat(session.bytes()).isBetween(3 * activation, 6 * activation);
    }
  }

  private static Map<String, float[]> train(Backend backend, TrainingGraph.Norm norm) {
    try (backend;
        TrainingGraph.Session session = new TrainingGraph(6, norm).on(backend)) {
      Rng rng = Rng.of(7, 1);
      session.initialize(rng);
      for (int step = 0; step < STEPS; step++) {
        session.step(rng);
      }
      return session.state();
    }
  }

  /** Rounding grows through the steps; a wrong term would be off by far more. */
  private static void assertClose(String name, float[] actual, float[] expected) {
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(2e-3 * scale + 1e-7));
    }
  }
}
