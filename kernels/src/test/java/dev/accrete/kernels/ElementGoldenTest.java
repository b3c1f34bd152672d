package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.ints;
import static dev.accrete.kernels.TestBackends.run;
import static dev.accrete.kernels.TestBackends.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.Concat;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Relu;
import dev.accrete.core.op.ReluGrad;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.Slice;
import dev.accrete.core.op.SliceGrad;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ops that look at one element at a time, by hand. */
@OnEveryBackend
class ElementGoldenTest {
  private static final HostTensor X = floats(Shape.of(2, 2, 1, 2), 1, 2, 3, 4, 5, 6, 7, 8);

  private final Backend backend;

  ElementGoldenTest(Backend backend) {
    this.backend = backend;
  }

  @Test
  void adds() {
    assertThat(run(backend, new Add(), vector(1, 2, 3), vector(10, 20, 30)).get(0))
        .containsExactly(11, 22, 33);
    assertThat(run(backend, new AddBias(), X, vector(10, 20)).get(0))
        .containsExactly(11, 12, 23, 24, 15, 16, 27, 28);
    assertThat(run(backend, new ChannelSum(), X).get(0)).containsExactly(14, 22);
    assertThat(run(backend, new Fill(-2.5f, Shape.of(3))).get(0)).containsOnly(-2.5f);
  }

  @Test
  void reluKeepsNaN() {
    assertThat(run(backend, new Relu(), vector(-1, 0, 2, Double.NaN, -3)).get(0))
        .containsExactly(0, 0, 2, Float.NaN, 0);
    assertThat(run(backend, new ReluGrad(), vector(0, 2, 0), vector(5, 6, -7)).get(0))
        .containsExactly(0, 6, 0);
  }

  @Test
  void movesChannels() {
    HostTensor more = floats(Shape.of(2, 1, 1, 2), 10, 20, 30, 40);
    assertThat(run(backend, new Concat(), X, more).get(0))
        .containsExactly(1, 2, 3, 4, 10, 20, 5, 6, 7, 8, 30, 40);
    assertThat(run(backend, new Slice(1, 2), X).get(0)).containsExactly(3, 4, 7, 8);
    assertThat(run(backend, new SliceGrad(new Slice(1, 2), 3), more).get(0))
        .containsExactly(0, 0, 10, 20, 0, 0, 0, 0, 30, 40, 0, 0);
    assertThat(run(backend, new Reshape(Shape.of(4, 2)), X).get(0))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void flipsShiftsAndNormalizes() {
    // One channel of two rows and three columns, mean 10, standard deviation 2.
    NormalizeImage op = new NormalizeImage(List.of(10f), List.of(2f), 2, 2);
    byte[] image = {10, 12, 14, (byte) 200, (byte) 210, (byte) 255};
    byte[] images = new byte[3 * image.length];
    for (int n = 0; n < 3; n++) {
      System.arraycopy(image, 0, images, n * image.length, image.length);
    }
    float[] y =
        run(
                backend,
                op,
                HostTensor.of(TensorType.u8(3, 1, 2, 3), images),
                HostTensor.of(TensorType.i32(3, 3), new int[] {0, 0, 1, 1, 0, 0, 0, 1, -1}))
            .get(0);
    float[] expected = {1, 2, 100, 122.5f, 2, 1, 122.5f, 100, 0, 95, 0, 0};
    assertThat(y).containsExactly(expected, within(1e-4f));
  }

  @Test
  void dropsByThePhiloxWordOfTheElement() {
    int size = 5000;
    Dropout dropout = new Dropout(0.25f);
    HostTensor x = HostTensor.of(TensorType.f32(size), filled(size, 3));
    HostTensor key = ints(-7, 1, 99, -2);
    float[] y = run(backend, dropout, x, key).get(0);
    long seed = 0x1FFFFFFF9L;
    long stream = 0xFFFFFFFE00000063L;
    int dropped = 0;
    for (int i = 0; i < size; i++) {
      boolean drop = Rng.wordAt(seed, stream, i) >>> 8 < dropout.threshold();
      dropped += drop ? 1 : 0;
      assertThat(y[i]).as("element %d", i).isCloseTo(drop ? 0 : 4, within(1e-6f));
    }
    // A binomial of 5000 draws at 1/4 lies within five deviations of its mean.
    assertThat(dropped).isBetween(1250 - 153, 1250 + 153);
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
