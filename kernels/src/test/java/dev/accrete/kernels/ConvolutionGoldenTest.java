package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.kernels.spec.Generator;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions by hand, and the identities that tie a linear map to its gradients. */
@OnEveryBackend
class ConvolutionGoldenTest {
  private static final double[] ONES = IntStream.range(0, 9).mapToDouble(i -> 1).toArray();

  private final Backend backend;

  ConvolutionGoldenTest(Backend backend) {
    this.backend = backend;
  }

  @Test
  void sumsPaddedWindows() {
    HostTensor x = floats(Shape.of(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    HostTensor weight = floats(Shape.of(1, 1, 3, 3), ONES);
    assertThat(run(backend, Conv2d.of(1, 1), x, weight).get(0))
        .containsExactly(12, 21, 16, 27, 45, 33, 24, 39, 28);
    assertThat(run(backend, Conv2d.of(2, 1), x, weight).get(0)).containsExactly(12, 16, 24, 28);
    assertThat(run(backend, Conv2d.of(1, 0), x, weight).get(0)).containsExactly(45);
  }

  @Test
  void correlatesAndDoesNotFlipTheFilter() {
    HostTensor x = floats(Shape.of(1, 1, 1, 4), 1, 0, 0, 2);
    HostTensor weight = floats(Shape.of(1, 1, 1, 2), 10, 1);
    assertThat(run(backend, Conv2d.of(1, 0), x, weight).get(0)).containsExactly(10, 0, 2);
  }

  @Test
  void keepsGroupsApart() {
    HostTensor x = floats(Shape.of(1, 4, 1, 1), 1, 2, 3, 4);
    HostTensor weight = floats(Shape.of(2, 2, 1, 1), 1, 10, 100, 1000);
    Conv2d grouped = new Conv2d(1, 1, 0, 0, 2);
    assertThat(run(backend, grouped, x, weight).get(0)).containsExactly(21, 4300);
    HostTensor each = floats(Shape.of(4, 1, 1, 1), 1, 10, 100, 1000);
    assertThat(run(backend, Conv2d.depthwise(4, 1, 0), x, each).get(0))
        .containsExactly(1, 20, 300, 4000);
  }

  @Test
  void multipliesMatrices() {
    HostTensor a = floats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    HostTensor b = floats(Shape.of(3, 2), 7, 8, 9, 10, 11, 12);
    assertThat(run(backend, new MatMul(false, false), a, b).get(0))
        .containsExactly(58, 64, 139, 154);
    HostTensor square = floats(Shape.of(2, 2), 1, 2, 3, 4);
    assertThat(run(backend, new MatMul(true, false), square, square).get(0))
        .containsExactly(10, 14, 14, 20);
    assertThat(run(backend, new MatMul(false, true), square, square).get(0))
        .containsExactly(5, 11, 11, 25);
  }

  static List<OpSpec.Case> convolutions() {
    return OpSpecs.of(Conv2d.class).cases();
  }

  /**
   * The convolution is linear in x and in w: (conv(x, w), dy) = (x, dx) = (w, dw). Each side is a
   * sum of products of numbers up to 1, so the tolerance counts those.
   */
  @ParameterizedTest
  @MethodSource("convolutions")
  void gradientsAreAdjoint(OpSpec.Case spec) {
    Conv2d conv = (Conv2d) spec.op();
    List<HostTensor> operands = spec.generate(5);
    HostTensor x = operands.get(0);
    HostTensor weight = operands.get(1);
    HostTensor dy = Generator.uniform().generate(Rng.of(6, 0), spec.resultTypes().get(0));
    float[] y = run(backend, conv, x, weight).get(0);
    float[] dx = run(backend, new Conv2dInputGrad(conv, x.type().shape()), dy, weight).get(0);
    float[] dw = run(backend, new Conv2dWeightGrad(conv, weight.type().shape()), x, dy).get(0);
    double forward = dot(y, dy.floats());
    double allowed = 1e-6 * spec.op().macs(spec.inputTypes());
    assertThat(dot(dx, x.floats())).isCloseTo(forward, within(allowed));
    assertThat(dot(dw, weight.floats())).isCloseTo(forward, within(allowed));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
