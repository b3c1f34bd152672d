package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.GlobalAveragePoolGrad;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.LocalResponseNormGrad;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Pool2dGrad;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pooling and local response normalization by hand. */
@OnEveryBackend
class PoolingGoldenTest {
  /** 1 to 16, row by row. */
  private static final HostTensor SQUARE =
      floats(Shape.of(1, 1, 4, 4), IntStream.rangeClosed(1, 16).mapToDouble(i -> i).toArray());

  private final Backend backend;

  PoolingGoldenTest(Backend backend) {
    this.backend = backend;
  }

  private static Pool2d max(int kernel, int stride, int pad, boolean ceil) {
    return new Pool2d(Pool2d.Kind.MAX, kernel, stride, pad, ceil);
  }

  private static Pool2d average(int kernel, int stride, int pad, boolean ceil) {
    return new Pool2d(Pool2d.Kind.AVERAGE, kernel, stride, pad, ceil);
  }

  @Test
  void roundsExtentsDownOrUp() {
    assertThat(run(backend, max(3, 2, 0, false), SQUARE).get(0)).containsExactly(11);
    assertThat(run(backend, max(3, 2, 0, true), SQUARE).get(0)).containsExactly(11, 12, 15, 16);
  }

  @Test
  void averagesOverElementsInTheImage() {
    // Windows of 3x3, 3x2, 2x3 and 2x2 elements.
    assertThat(run(backend, average(3, 2, 0, true), SQUARE).get(0))
        .containsExactly(new float[] {6, 7.5f, 12, 13.5f}, within(1e-5f));
    // Windows of 2x2, 2x2 at the top, 2x2 below: the padding does not count.
    assertThat(run(backend, average(3, 3, 1, false), SQUARE).get(0))
        .containsExactly(new float[] {3.5f, 5.5f, 11.5f, 13.5f}, within(1e-5f));
  }

  @Test
  void paddingIsNeverTheMaximum() {
    HostTensor x = floats(Shape.of(1, 1, 2, 2), -4, -3, -2, -1);
    assertThat(run(backend, max(2, 1, 1, false), x).get(0))
        .containsExactly(-4, -3, -3, -2, -1, -1, -2, -1, -1);
  }

  @Test
  void firstOfEqualMaximaTakesTheGradient() {
    HostTensor x = floats(Shape.of(1, 1, 3, 3), 5, 5, 0, 5, 5, 0, 0, 0, 0);
    HostTensor dy = floats(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);
    assertThat(run(backend, new Pool2dGrad(max(2, 1, 0, false)), x, dy).get(0))
        .containsExactly(1, 10, 0, 100, 1000, 0, 0, 0, 0);
  }

  @Test
  void averageSharesTheGradient() {
    HostTensor dy = floats(Shape.of(1, 1, 2, 2), 9, 6, 12, 4);
    assertThat(run(backend, new Pool2dGrad(average(3, 2, 0, true)), SQUARE, dy).get(0))
        .containsExactly(
            new float[] {1, 1, 2, 1, 1, 1, 2, 1, 3, 3, 5, 2, 2, 2, 3, 1}, within(1e-5f));
  }

  @Test
  void globalAverage() {
    HostTensor x = floats(Shape.of(1, 2, 1, 2), 1, 3, 10, 30);
    assertThat(run(backend, new GlobalAveragePool(), x).get(0)).containsExactly(2, 20);
    assertThat(run(backend, new GlobalAveragePoolGrad(1, 2), floats(Shape.of(1, 2), 4, 6)).get(0))
        .containsExactly(2, 2, 3, 3);
  }

  @Test
  void momentsOfEveryPlane() {
    HostTensor x = floats(Shape.of(1, 3, 1, 4), 1, 3, 5, 7, 10, 10, 10, 10, -1, 1, -1, 1);
    List<float[]> moments = run(backend, new ChannelMoments(), x);
    assertThat(moments.get(0)).containsExactly(4, 10, 0);
    assertThat(moments.get(1)).containsExactly((float) Math.sqrt(5), 0, 1);
  }

  @Test
  void localResponseReadsNeighbouringChannels() {
    // With size 3, alpha 3, beta 1, k 1 the bases are 1 + 5, 1 + 14 and 1 + 13.
    LocalResponseNorm norm = new LocalResponseNorm(3, 3, 1, 1);
    HostTensor x = floats(Shape.of(1, 3, 1, 1), 1, 2, 3);
    assertThat(run(backend, norm, x).get(0))
        .containsExactly(new float[] {1 / 6f, 2 / 15f, 3 / 14f}, within(1e-6f));
    // dx0 = 1/6 - 2 * 1 * 1/36 for an upstream of (1, 0, 0); dx1 = -2 * 2 * 1/36.
    HostTensor dy = floats(Shape.of(1, 3, 1, 1), 1, 0, 0);
    assertThat(run(backend, new LocalResponseNormGrad(norm), x, dy).get(0))
        .containsExactly(new float[] {1 / 6f - 2 / 36f, -4 / 36f, 0}, within(1e-6f));
  }
}
