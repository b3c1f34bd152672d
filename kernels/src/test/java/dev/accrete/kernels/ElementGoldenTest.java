package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.ints;
import static dev.accrete.kernels.TestBackends.run;
import static dev.accrete.kernels.TestBackends.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.accrete.core.Backend;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import dev.accrete.core.op.Reshape;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  /**
   * Values at -2, -0.5, 0, 1 and 4 that mpmath computes; those of GELU are of the form with tanh:
   * that with erf is 0.841345 at 1.
   */
  static Stream<Arguments> functions() {
    return Stream.of(
        arguments(PointFunction.RELU, new float[] {0, 0, 0, 1, 4}),
        arguments(PointFunction.GELU, new float[] {-0.045402f, -0.154286f, 0, 0.841192f, 3.99993f}),
        arguments(PointFunction.SILU, new float[] {-0.238406f, -0.18877f, 0, 0.731059f, 3.928055f}),
        arguments(PointFunction.HARD_SWISH, new float[] {-1 / 3f, -0.208333f, 0, 2 / 3f, 4}),
        arguments(
            PointFunction.TANH, new float[] {-0.964028f, -0.462117f, 0, 0.761594f, 0.999329f}),
        arguments(
            PointFunction.SIGMOID, new float[] {0.119203f, 0.377541f, 0.5f, 0.731059f, 0.982014f}));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void functionsHaveTheirValues(PointFunction function, float[] expected) {
    assertThat(run(backend, new Pointwise(function), vector(-2, -0.5, 0, 1, 4)).get(0))
        .containsExactly(expected, within(2e-6f));
  }

  /** Padding lanes and channels must not change what a function of rank 4 gives. */
  @ParameterizedTest
  @EnumSource(PointFunction.class)
  void functionsKeepNaNAndAreTheSameInEveryShape(PointFunction function) {
    float[] flat =
        run(backend, new Pointwise(function), vector(-1, Double.NaN, 3, 0, 2, -5)).get(0);
    assertThat(flat[1]).isNaN();
    HostTensor image = floats(Shape.of(1, 3, 1, 2), -1, Double.NaN, 3, 0, 2, -5);
    assertThat(run(backend, new Pointwise(function), image).get(0)).containsExactly(flat);
  }

  @Test
  void reluKeepsNaN() {
    assertThat(run(backend, Pointwise.RELU, vector(-1, 0, 2, Double.NaN, -3)).get(0))
        .containsExactly(0, 0, 2, Float.NaN, 0);
    assertThat(run(backend, PointwiseGrad.RELU, vector(0, 2, 0), vector(5, 6, -7)).get(0))
        .containsExactly(0, 6, 0);
  }

  @Test
  void reshapes() {
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

  /** With means and deviations in use, all levels are quotients to the bit, from either side. */
  @ParameterizedTest
  @CsvSource({"123.675, 58.395", "116.28, 57.12", "103.53, 57.375", "127.5, 127.5", "0, 255"})
  void normalizesEveryLevelExactly(float mean, float std) {
    assumeThat(backend.name()).isNotEqualTo("cuda");
    int side = 17; // no multiple of a vector
    byte[] image = new byte[side * side];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) i;
    }
    NormalizeImage op = new NormalizeImage(List.of(mean), List.of(std), side, side);
    for (int flip = 0; flip < 2; flip++) {
      float[] y =
          run(
                  backend,
                  op,
                  HostTensor.of(TensorType.u8(1, 1, side, side), image),
                  HostTensor.of(TensorType.i32(1, 3), new int[] {flip, 0, 0}))
              .get(0);
      for (int i = 0; i < image.length; i++) {
        int from = flip == 0 ? i : i / side * side + side - 1 - i % side;
        float expected = (float) (((double) (image[from] & 0xFF) - mean) / std);
        assertThat(y[i]).as("level %d", image[from] & 0xFF).isEqualTo(expected);
      }
    }
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
