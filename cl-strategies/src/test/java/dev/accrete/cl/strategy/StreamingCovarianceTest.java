package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Rng;
import org.junit.jupiter.api.Test;

class StreamingCovarianceTest {
  private static final int SIZE = 5;
  private static final int CLASSES = 3;

  private static float[][] vectors(int count) {
    Rng rng = Rng.of(2, 0);
    float[][] vectors = new float[count][SIZE];
    for (int v = 0; v < count; v++) {
      for (int i = 0; i < SIZE; i++) {
        vectors[v][i] = (float) (10 * label(v) + (i + 1) * rng.nextGaussian());
      }
      vectors[v][1] += 2 * vectors[v][0];
    }
    return vectors;
  }

  private static int label(int vector) {
    return vector % 7 == 0 ? 0 : 2;
  }

  @Test
  void equalsTheScatterWithinClassesComputedAtOnce() {
    float[][] vectors = vectors(200);
    StreamingCovariance streaming = new StreamingCovariance(CLASSES, SIZE);
    double[][] means = new double[CLASSES][SIZE];
    int[] counts = new int[CLASSES];
    for (int v = 0; v < vectors.length; v++) {
      streaming.add(label(v), vectors[v], 0);
      counts[label(v)]++;
      for (int i = 0; i < SIZE; i++) {
        means[label(v)][i] += vectors[v][i];
      }
    }
    double[][] covariance = streaming.covariance();
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        double sum = 0;
        for (int v = 0; v < vectors.length; v++) {
          double[] mean = means[label(v)];
          int n = counts[label(v)];
          sum += (vectors[v][i] - mean[i] / n) * (vectors[v][j] - mean[j] / n);
        }
        assertThat(covariance[i][j]).isCloseTo(sum / vectors.length, within(1e-9));
      }
    }
    assertThat(streaming.counts()).containsExactly(29, 0, 171);
  }

  @Test
  void oneVectorOfEachClassHasNoSpread() {
    StreamingCovariance streaming = new StreamingCovariance(CLASSES, SIZE);
    streaming.add(0, new float[] {100, 100, 100, 100, 100}, 0);
    streaming.add(2, new float[] {-7, 3, 0, 1, 9}, 0);
    for (double[] row : streaming.covariance()) {
      assertThat(row).containsOnly(0.0);
    }
  }

  @Test
  void discriminatesAsTheClosedFormInTwoDimensions() {
    StreamingCovariance streaming = new StreamingCovariance(2, 2);
    float[][] first = {{1, 0}, {-1, 0}, {0, 2}, {0, -2}};
    for (float[] z : first) {
      streaming.add(0, z, 0);
      streaming.add(1, new float[] {z[0] + 4, z[1] + 4}, 0);
    }
    // The covariance is diag(1/2, 2); with epsilon = 1/2, S = diag(3/4, 3/2).
    Discriminant d = streaming.discriminant(0.5);
    assertThat(d.weights()[0]).containsExactly(new double[] {0, 0}, within(1e-12));
    assertThat(d.weights()[1]).containsExactly(new double[] {16 / 3.0, 8 / 3.0}, within(1e-12));
    assertThat(d.bias()[1]).isCloseTo(-16, within(1e-12));
    float[] padded = {9, 2, 1};
    assertThat(d.scores(padded, 1)[1]).isCloseTo((32 + 8) / 3f - 16, within(1e-5f));
  }

  @Test
  void fewerVectorsThanDimensionsAreEnoughWithShrinkage() {
    StreamingCovariance streaming = new StreamingCovariance(2, 64);
    Rng rng = Rng.of(1, 1);
    for (int v = 0; v < 6; v++) {
      float[] z = new float[64];
      for (int i = 0; i < z.length; i++) {
        z[i] = (float) rng.nextGaussian() + v % 2;
      }
      streaming.add(v % 2, z, 0);
    }
    for (double bias : streaming.discriminant(1e-4).bias()) {
      assertThat(bias).isFinite().isNegative();
    }
  }

  @Test
  void aCovarianceThatIsNotFiniteIsAnError() {
    StreamingCovariance streaming = new StreamingCovariance(1, 2);
    streaming.add(0, new float[] {1, Float.NaN}, 0);
    streaming.add(0, new float[] {2, 1}, 0);
    assertThatThrownBy(() -> streaming.discriminant(1e-4))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("slda.shrinkage");
  }

  @Test
  void goesOnBitForBitAfterSaving() {
    float[][] vectors = vectors(40);
    StreamingCovariance whole = new StreamingCovariance(CLASSES, SIZE);
    StreamingCovariance half = new StreamingCovariance(CLASSES, SIZE);
    for (int v = 0; v < 20; v++) {
      whole.add(label(v), vectors[v], 0);
      half.add(label(v), vectors[v], 0);
    }
    MapState state = new MapState();
    half.save(state);
    StreamingCovariance resumed = new StreamingCovariance(CLASSES, SIZE);
    resumed.restore(state);
    for (int v = 20; v < 40; v++) {
      whole.add(label(v), vectors[v], 0);
      resumed.add(label(v), vectors[v], 0);
    }
    assertThat(resumed.covariance()).isDeepEqualTo(whole.covariance());
    assertThat(resumed.discriminant(1e-4).weights())
        .isDeepEqualTo(whole.discriminant(1e-4).weights());
  }
}
