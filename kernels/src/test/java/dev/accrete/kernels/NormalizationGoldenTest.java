package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.run;
import static dev.accrete.kernels.TestBackends.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.kernels.spec.Generator;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Normalizations computed by hand, and identities of Ioffe 2017. */
@OnEveryBackend
class NormalizationGoldenTest {
  private static final Offset<Float> CLOSE = within(2e-6f);

  /** Mean 4, variance 5. */
  private static final HostTensor X = floats(Shape.of(2, 1, 1, 2), 1, 3, 5, 7);

  private static final double S = Math.sqrt(5);

  private final Backend backend;

  NormalizationGoldenTest(Backend backend) {
    this.backend = backend;
  }

  private static void assertClose(float[] actual, double... expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo((float) expected[i], CLOSE);
    }
  }

  @Test
  void batchNormUsesBiasedMomentsOfTheMiniBatch() {
    List<float[]> results =
        run(backend, new BatchNorm(0, 0.9f), X, vector(2), vector(1), vector(10), vector(20));
    assertClose(results.get(0), 1 - 6 / S, 1 - 2 / S, 1 + 2 / S, 1 + 6 / S);
    assertClose(results.get(1), 4, 1 / S, 1, 0);
    assertClose(results.get(2), 9.4);
    assertClose(results.get(3), 18.5);
  }

  @Test
  void batchRenormCorrectsTowardsTheMovingMoments() {
    // S = 2.5: r = sqrt(5) / 2.5, d = (4 - 3) / 2.5; neither reaches its limit.
    List<float[]> results =
        run(
            backend,
            new BatchRenorm(0),
            X,
            vector(2),
            vector(1),
            vector(3),
            vector(6.25),
            vector(3, 5, 0.75));
    assertClose(results.get(0), -0.6, 1, 2.6, 4.2);
    assertClose(results.get(1), 4, 1 / S, S / 2.5, 0.4);
    assertClose(results.get(2), 3.25);
    assertClose(results.get(3), 5.9375);
  }

  @Test
  void batchRenormClampsBothCorrections() {
    // S = sqrt(20): s / S = 0.5 is below 1 / 1.25, and d = (4 - 40) / sqrt(20) is below -0.5.
    List<float[]> low =
        run(
            backend,
            new BatchRenorm(0),
            X,
            vector(1),
            vector(0),
            vector(40),
            vector(20),
            vector(1.25, 0.5, 1));
    assertClose(low.get(1), 4, 1 / S, 0.8, -0.5);
    assertClose(low.get(0), -2.4 / S - 0.5, -0.8 / S - 0.5, 0.8 / S - 0.5, 2.4 / S - 0.5);
    assertClose(low.get(2), 40);
    assertClose(low.get(3), 20);
    List<float[]> high =
        run(
            backend,
            new BatchRenorm(0),
            X,
            vector(1),
            vector(0),
            vector(-40),
            vector(0.05),
            vector(1.25, 0.5, 0));
    assertClose(high.get(1), 4, 1 / S, 1.25, 0.5);
    assertClose(high.get(2), 4);
    assertClose(high.get(3), 5);
  }

  @Test
  void epsilonIsAddedToBothVariances() {
    List<float[]> results =
        run(
            backend,
            new BatchRenorm(4),
            X,
            vector(1),
            vector(0),
            vector(4),
            vector(0),
            vector(3, 5, 1));
    assertClose(results.get(1), 4, 1.0 / 3, 1.5, 0);
    assertClose(results.get(0), -1.5, -0.5, 0.5, 1.5);
  }

  @Test
  void batchRenormWithoutLimitsIsNormalizationByTheMovingMoments() {
    Rng rng = Rng.of(11, 0);
    TensorType type = TensorType.f32(4, 19, 5, 6);
    TensorType channels = TensorType.f32(19);
    HostTensor x = Generator.normal(1, 2).generate(rng, type);
    HostTensor gamma = Generator.uniform(0.5, 1.5).generate(rng, channels);
    HostTensor beta = Generator.uniform().generate(rng, channels);
    HostTensor mean = Generator.normal(1, 1).generate(rng, channels);
    HostTensor variance = Generator.uniform(2, 8).generate(rng, channels);
    float[] trained =
        run(backend, new BatchRenorm(1e-3f), x, gamma, beta, mean, variance, vector(100, 100, 0.9))
            .get(0);
    float[] inferred =
        run(backend, new BatchNormInference(1e-3f), x, gamma, beta, mean, variance).get(0);
    assertThat(trained).containsExactly(inferred, Offset.offset(1e-5f));
  }

  @Test
  void gradientOfBatchNormOfTwoValues() {
    // h = (-1, 1): dx = gamma / s * (dy - mean(dy) - h * mean(dy * h)) = 0 for two values.
    HostTensor x = floats(Shape.of(2, 1), 1, 5);
    HostTensor saved = floats(Shape.of(4, 1), 3, 0.5, 1, 0);
    List<float[]> results =
        run(backend, new BatchRenormGrad(), x, vector(3), saved, floats(Shape.of(2, 1), 10, 4));
    assertClose(results.get(0), 0, 0);
    assertClose(results.get(1), -6);
    assertClose(results.get(2), 14);
  }

  @Test
  void gradientScalesByRAndCountsDInGamma() {
    // h = (-1, 0, 1), dy = (3, 0, 0): mean 1, mean(dy h) -1, hence dy - 1 + h = (1, -1, 0).
    HostTensor x = floats(Shape.of(3, 1), 1, 3, 5);
    HostTensor saved = floats(Shape.of(4, 1), 3, 0.5, 2, 0.25);
    List<float[]> results =
        run(backend, new BatchRenormGrad(), x, vector(3), saved, floats(Shape.of(3, 1), 3, 0, 0));
    assertClose(results.get(0), 3, -3, 0);
    assertClose(results.get(1), -3 * 2 + 3 * 0.25);
    assertClose(results.get(2), 3);
  }

  @Test
  void inferenceAndItsGradient() {
    HostTensor x = floats(Shape.of(1, 2, 1, 2), 1, 3, 10, 30);
    HostTensor gamma = vector(2, 3);
    HostTensor mean = vector(1, 20);
    HostTensor variance = vector(3, 99);
    assertClose(
        run(backend, new BatchNormInference(1), x, gamma, vector(0.5, -1), mean, variance).get(0),
        0.5,
        2.5,
        -4,
        2);
    List<float[]> gradients =
        run(
            backend,
            new BatchNormInferenceGrad(1),
            x,
            gamma,
            mean,
            variance,
            floats(Shape.of(1, 2, 1, 2), 1, 2, 3, 5));
    assertClose(gradients.get(0), 1, 2, 0.9, 1.5);
    assertClose(gradients.get(1), 2, 2);
    assertClose(gradients.get(2), 3, 8);
  }
}
