package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.ints;
import static dev.accrete.kernels.TestBackends.run;
import static dev.accrete.kernels.TestBackends.scalar;
import static dev.accrete.kernels.TestBackends.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax cross-entropy by hand. Over classes 0 and 1 the probabilities are 1/3 and 2/3. */
@OnEveryBackend
class LossGoldenTest {
  private static final double[] ROW = {0, Math.log(2), 100};
  private static final HostTensor MASK = vector(1, 1, 0);

  private final Backend backend;

  LossGoldenTest(Backend backend) {
    this.backend = backend;
  }

  private static void assertClose(float[] actual, double... expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo((float) expected[i], within(1e-6f));
    }
  }

  private List<float[]> loss(float smoothing, int label) {
    return run(
        backend,
        new SoftmaxCrossEntropy(smoothing),
        floats(Shape.of(1, 3), ROW),
        ints(label),
        MASK);
  }

  @Test
  void masksClasses() {
    List<float[]> results = loss(0, 1);
    assertClose(results.get(0), -Math.log(2.0 / 3));
    assertClose(results.get(1), 1.0 / 3, 2.0 / 3, 0);
  }

  @Test
  void smoothsOverAllowedClasses() {
    assertClose(loss(0.1f, 1).get(0), -0.95 * Math.log(2.0 / 3) - 0.05 * Math.log(1.0 / 3));
  }

  @Test
  void averagesOverLabelledRows() {
    HostTensor logits =
        floats(Shape.of(3, 3), ROW[0], ROW[1], ROW[2], 5, 50, -7, Math.log(3), 0, Math.log(1000));
    List<float[]> results = run(backend, new SoftmaxCrossEntropy(0), logits, ints(0, -1, 0), MASK);
    assertClose(results.get(0), (Math.log(3) - Math.log(0.75)) / 2);
  }

  @Test
  void isZeroWithoutLabels() {
    assertClose(loss(0.1f, -5).get(0), 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, Integer.MAX_VALUE})
  void isNaNForALabelThatIsMaskedOrDoesNotExist(int label) {
    assertThat(loss(0, label).get(0)[0]).isNaN();
    assertThat(loss(0.1f, label).get(0)[0]).isNaN();
  }

  @Test
  void survivesLargeLogits() {
    List<float[]> results =
        run(
            backend,
            new SoftmaxCrossEntropy(0),
            floats(Shape.of(2, 2), 3000, 2000, -3000, -3000),
            ints(1, 0),
            vector(1, 1));
    assertThat(results.get(0)[0]).isCloseTo((float) ((1000 + Math.log(2)) / 2), within(1e-4f));
    assertClose(results.get(1), 1, 0, 0.5, 0.5);
  }

  @Test
  void gradientIsProbabilityMinusTarget() {
    HostTensor probabilities = floats(Shape.of(2, 3), 0.25, 0.75, 0, 0.5, 0.5, 0);
    float[] plain =
        run(backend, new SoftmaxCrossEntropyGrad(0), probabilities, ints(1, -1), MASK, scalar(2))
            .get(0);
    assertClose(plain, 0.5, -0.5, 0, 0, 0, 0);
    float[] smoothed =
        run(backend, new SoftmaxCrossEntropyGrad(0.2f), probabilities, ints(1, 0), MASK, scalar(2))
            .get(0);
    assertClose(smoothed, 0.15, -0.15, 0, -0.4, 0.4, 0);
  }
}
