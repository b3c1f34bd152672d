package dev.accrete.production.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Distances and tests against SciPy 1.17.1, NumPy and counting by hand. */
final class TwoSampleTest {
  @Test
  void jensenShannonIsThatOfSciPy() {
    assertThat(JensenShannon.distance(new double[] {1, 2, 3}, new double[] {3, 2, 1}))
        .isCloseTo(0.35470351519813204, within(1e-14));
    assertThat(JensenShannon.distance(new double[] {10, 20, 0, 5}, new double[] {1, 1, 1, 1}))
        .isCloseTo(0.4279398663272084, within(1e-14));
    assertThat(JensenShannon.distance(new double[] {1, 0}, new double[] {0, 9})).isEqualTo(1);
    assertThat(JensenShannon.distance(new double[] {2, 4}, new double[] {1, 2})).isZero();
    assertThatThrownBy(() -> JensenShannon.distance(new double[2], new double[] {1, 2}))
        .hasMessageContaining("all weights are 0");
    assertThatThrownBy(() -> JensenShannon.distance(new double[] {1}, new double[] {1, 2}))
        .hasMessageContaining("1 outcomes cannot be compared with 2");
  }

  @Test
  void kolmogorovAndSmirnovAreCountedForSmallSamples() {
    // All 20 orders of 3 and 3 are equally likely; two of them separate the samples.
    KolmogorovSmirnov apart = KolmogorovSmirnov.of(new double[] {3, 1, 2}, new double[] {4, 6, 5});
    assertThat(apart.statistic()).isEqualTo(1);
    assertThat(apart.pValue()).isCloseTo(0.1, within(1e-15));
    KolmogorovSmirnov mixed =
        KolmogorovSmirnov.of(
            new double[] {0.61, 1.2, 2.9, 3.3, 4.8, 5.5, 6.1},
            new double[] {0.1, 0.2, 0.5, 1.1, 3.0, 3.1, 3.2, 3.9, 4.1});
    assertThat(mixed.statistic()).isCloseTo(3 / 7.0, within(1e-15));
    assertThat(mixed.pValue()).isCloseTo(0.368006993006993, within(1e-12));
    KolmogorovSmirnov hundred = KolmogorovSmirnov.of(range(100, 1, 0), range(100, 1, 20.5));
    assertThat(hundred.statistic()).isCloseTo(0.21, within(1e-15));
    assertThat(hundred.pValue()).isCloseTo(0.024055802841094577, within(1e-10));
    assertThat(KolmogorovSmirnov.of(range(5, 1, 0), range(5, 1, 0)).pValue()).isEqualTo(1);
  }

  @Test
  void largeSamplesHaveTheLimitingDistribution() {
    KolmogorovSmirnov test = KolmogorovSmirnov.of(range(200, 1, 0), range(150, 1.2, 13.3));
    assertThat(test.statistic()).isCloseTo(0.07, within(1e-15));
    assertThat(test.pValue()).isCloseTo(0.7718368103789188, within(0.01)); // exact
    assertThat(KolmogorovSmirnov.of(range(300, 1, 0), range(100, 3, 10.5)).pValue())
        .isCloseTo(0.9999352, within(0.001));
    assertThat(KolmogorovSmirnov.of(range(200, 1, 0), range(200, 1, 0)).pValue()).isEqualTo(1);
    assertThat(KolmogorovSmirnov.of(range(200, 1, 0), range(200, 1, 1000)).pValue())
        .isLessThan(1e-30);
  }

  private static double[] range(int count, double step, double from) {
    return IntStream.range(0, count).mapToDouble(i -> from + step * i).toArray();
  }

  @Test
  void samplesMustBeThere() {
    assertThatThrownBy(() -> KolmogorovSmirnov.of(new double[0], new double[] {1}))
        .hasMessageContaining("empty sample");
    assertThatThrownBy(() -> KolmogorovSmirnov.of(new double[] {Double.NaN}, new double[] {1}))
        .hasMessageContaining("NaN");
    float[][] one = {{1}};
    assertThatThrownBy(() -> MeanDiscrepancy.of(one, one, 9, Rng.of(1, 1)))
        .hasMessageContaining("at least two");
  }

  @Test
  void meanDiscrepancyIsTheFormula() {
    float[][] first = {{0, 0}, {1, 0}, {0, 1}};
    float[][] second = {{2, 2}, {3, 1}, {2, 3}, {4, 4}};
    MeanDiscrepancy test = MeanDiscrepancy.of(first, second, 999, Rng.of(1, 2));
    assertThat(test.squared()).isCloseTo(0.32525500935767415, within(1e-6));
    // Only this division of the 35 there are is as far apart.
    assertThat(test.pValue()).isCloseTo(1 / 35.0, within(0.015));
  }

  @Test
  void equalPointsDoNotDiffer() {
    float[][] points = {{1, 1}, {1, 1}, {1, 1}};
    MeanDiscrepancy same = MeanDiscrepancy.of(points, points, 99, Rng.of(1, 2));
    assertThat(same.squared()).isCloseTo(0, within(1e-9));
    assertThat(same.pValue()).isEqualTo(1);
    float[][] far = {{1e6f, 1}, {1e6f, 1}, {1e6f, 1}};
    assertThat(MeanDiscrepancy.of(points, far, 99, Rng.of(1, 2)).score()).isGreaterThan(0.3);
  }

  private static float[][] normal(Rng rng, int rows, int width, double mean) {
    float[][] sample = new float[rows][width];
    for (float[] row : sample) {
      for (int d = 0; d < width; d++) {
        row[d] = (float) (mean + rng.nextGaussian());
      }
    }
    return sample;
  }

  @Test
  void chanceIsCalledADifferenceAsOftenAsThePValueSays() {
    Rng rng = Rng.of(11, 0);
    int repetitions = 300;
    int ks = 0;
    int mmd = 0;
    for (int r = 0; r < repetitions; r++) {
      double[] a = gaussians(rng, 120);
      double[] b = gaussians(rng, 90);
      ks += KolmogorovSmirnov.of(a, b).pValue() <= 0.1 ? 1 : 0;
      mmd +=
          MeanDiscrepancy.of(normal(rng, 15, 4, 0), normal(rng, 20, 4, 0), 99, rng).pValue() <= 0.1
              ? 1
              : 0;
    }
    // Three standard errors of 300 draws at 0.1 are 0.052.
    assertThat((double) ks / repetitions).isBetween(0.04, 0.152);
    assertThat((double) mmd / repetitions).isBetween(0.04, 0.152);
  }

  private static double[] gaussians(Rng rng, int count) {
    return IntStream.range(0, count).mapToDouble(i -> rng.nextGaussian()).toArray();
  }

  @Test
  void aShiftedMeanIsFound() {
    Rng rng = Rng.of(12, 0);
    MeanDiscrepancy test =
        MeanDiscrepancy.of(normal(rng, 60, 8, 0), normal(rng, 60, 8, 0.6), 499, rng);
    assertThat(test.pValue()).isEqualTo(1 / 500.0);
    assertThat(test.score()).isGreaterThan(0.1);
  }
}
