package dev.accrete.nn.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  @Test
  void halvingAveragesBlocksOfFour() {
    byte[] source = {10, 20, 30, 40, 30, 40, 50, 60, 0, 0, 100, 100, 0, 0, 100, 100};

    assertThat(grey(source, 4, 4, 2)).containsExactly(25, 45, 0, 100);
  }

  @Test
  void unevenShrinkingWeighsPixelsByTheirArea() {
    byte[] source = {0, 90, 0, 90, 90, 90, 0, 90, 0};

    // Each target pixel covers 1.5 x 1.5 source pixels: (0 + .5*90 + .5*90 + .25*90) / 2.25 = 50.
    assertThat(grey(source, 3, 3, 2)).containsExactly(50, 50, 50, 50);
  }

  @Test
  void growingInterpolates() {
    byte[] source = {0, 100, 0, 100};

    assertThat(grey(source, 2, 2, 4))
        .containsExactly(0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100);
  }

  @Test
  void wideImagesAreCroppedToTheCentralSquareNotStretched() {
    byte[] source = {1, 2, 3, 4, 5, 6, 7, 8};

    assertThat(grey(source, 2, 4, 2)).containsExactly(2, 3, 6, 7);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "5, 1", "7, 7", "28, 64", "64, 28", "33, 32"})
  void flatImagesStayFlatAndMeansSurvive(int from, int to) {
    byte[] flat = new byte[from * from];
    java.util.Arrays.fill(flat, (byte) 200);
    assertThat(grey(flat, from, from, to)).containsOnly(200);

    byte[] noisy = new byte[from * from];
    new Random(3).nextBytes(noisy);
    int[] resized = grey(noisy, from, from, to);
    for (int level : resized) {
      assertThat(level).isBetween(0, 255);
    }
    if (to < from) {
      double mean =
          java.util.stream.IntStream.range(0, noisy.length)
              .map(i -> noisy[i] & 255)
              .average()
              .orElseThrow();
      assertThat(java.util.stream.IntStream.of(resized).average().orElseThrow())
          .isCloseTo(mean, org.assertj.core.data.Offset.offset(0.6));
    }
  }

  @Test
  void coloursKeepTheirPlanes() {
    byte[] source = {1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
    byte[] result = new byte[5];

    Resampler.resize(source, 0, 3, 2, 2, 1, result, 1);

    assertThat(result).containsExactly(0, 1, 2, 3, 0);
  }

  /**
   * Caches of decoded images outlive versions: every bit must stay as one pixel at a time has it.
   */
  @ParameterizedTest
  @CsvSource({"1, 5", "5, 1", "32, 64", "64, 28", "33, 32", "97, 64", "2, 64", "300, 7"})
  void pixelsAreThoseOfOneSumAfterTheOther(int from, int to) {
    byte[] source = new byte[3 * from * (from + 4)];
    new Random(from).nextBytes(source);
    byte[] result = new byte[3 * to * to];

    Resampler.resize(source, 0, 3, from, from + 4, to, result, 0);

    byte[] expected = new byte[3 * to * to];
    for (int c = 0; c < 3; c++) {
      for (int j = 0; j < to; j++) {
        for (int i = 0; i < to; i++) {
          float sum = 0.5f;
          float[] down = weights(j, from, to);
          float[] across = weights(i, from, to);
          for (int y = 0; y < down.length; y++) {
            int row = c * from * (from + 4) + (first(j, from, to) + y) * (from + 4) + 2;
            float line = 0;
            for (int x = 0; x < across.length; x++) {
              line += across[x] * (source[row + first(i, from, to) + x] & 255);
            }
            sum += down[y] * line;
          }
          expected[c * to * to + j * to + i] = (byte) (int) Math.clamp(sum, 0f, 255f);
        }
      }
    }
    assertThat(result).isEqualTo(expected);
  }

  private static int first(int i, int from, int to) {
    return from > to
        ? (int) ((double) i * from / to)
        : Math.min((int) place(i, from, to), Math.max(0, from - 2));
  }

  private static float[] weights(int i, int from, int to) {
    if (from <= to) {
      float t = (float) (place(i, from, to) - first(i, from, to));
      return from == 1 ? new float[] {1} : new float[] {1 - t, t};
    }
    double low = (double) i * from / to;
    double high = (double) (i + 1) * from / to;
    float[] weights = new float[Math.min(from, (int) Math.ceil(high - 1e-9)) - (int) low];
    for (int k = 0; k < weights.length; k++) {
      int pixel = (int) low + k;
      weights[k] = (float) ((Math.min(high, pixel + 1) - Math.max(low, pixel)) / (high - low));
    }
    return weights;
  }

  private static double place(int i, int from, int to) {
    return Math.clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
  }

  private static int[] grey(byte[] source, int height, int width, int size) {
    byte[] result = new byte[3 * size * size];
    Resampler.resize(source, 0, 1, height, width, size, result, 0);
    int[] plane = new int[size * size];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = result[i] & 255;
      assertThat(result[plane.length + i]).isEqualTo(result[i]);
      assertThat(result[2 * plane.length + i]).isEqualTo(result[i]);
    }
    return plane;
  }
}
