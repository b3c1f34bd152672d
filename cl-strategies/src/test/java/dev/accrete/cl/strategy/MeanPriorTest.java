package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class MeanPriorTest {
  private static final int CLASSES = 6;
  private static final int SIZE = 40;
  private static final long[] COUNTS = {256, 4, 64, 1024, 8, 256};

  /**
   * Means in two directions that all classes share, and a little elsewhere, measured with noise.
   */
  private static double[][] means(Rng rng, long[] counts) {
    double[][] means = new double[counts.length][SIZE];
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i < SIZE; i++) {
        double spread = i < 2 ? 5 : 0.3;
        means[c][i] =
            7 + spread * rng.nextGaussian() + rng.nextGaussian() / Math.sqrt((double) counts[c]);
      }
    }
    return means;
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  private static SimpleMatrix others(double[][] means, int label) {
    return new SimpleMatrix(
        IntStream.range(0, means.length)
            .filter(c -> c != label)
            .mapToObj(c -> means[c])
            .toArray(double[][]::new));
  }

  private static SimpleMatrix mean(SimpleMatrix rows) {
    SimpleMatrix ones = SimpleMatrix.filled(1, rows.getNumRows(), 1.0 / rows.getNumRows());
    return ones.mult(rows);
  }

  private static SimpleMatrix centred(SimpleMatrix rows) {
    return rows.minus(SimpleMatrix.ones(rows.getNumRows(), 1).mult(mean(rows)));
  }

  /** With S = I: the mean and covariance of a normal posterior, written out. */
  private static SimpleMatrix posterior(double[][] means, int label, double spread) {
    SimpleMatrix others = others(means, label);
    SimpleMatrix centred = centred(others);
    SimpleMatrix identity = SimpleMatrix.identity(SIZE);
    SimpleMatrix prior =
        centred
            .transpose()
            .mult(centred)
            .divide(others.getNumRows() - 1)
            .plus(identity.scale(spread));
    SimpleMatrix middle = mean(others);
    SimpleMatrix away = new SimpleMatrix(new double[][] {means[label]}).minus(middle);
    SimpleMatrix both = prior.plus(identity.divide((double) COUNTS[label]));
    return middle.plus(away.mult(both.invert()).mult(prior));
  }

  /** What the best combination of the others misses of a mean, squared. */
  private static double missed(double[][] means, int label) {
    SimpleMatrix others = others(means, label);
    SimpleMatrix span = centred(others).transpose();
    SimpleMatrix away =
        new SimpleMatrix(new double[][] {means[label]}).minus(mean(others)).transpose();
    SimpleMatrix rest = away.minus(span.mult(span.pseudoInverse().mult(away)));
    return rest.dot(rest);
  }

  @Test
  void everyMeanIsThatOfItsPosterior() {
    double[][] means = means(Rng.of(3, 0), COUNTS);
    double spread = 0;
    for (int c = 0; c < CLASSES; c++) {
      spread += (missed(means, c) - SIZE / (double) COUNTS[c]) / CLASSES / SIZE;
    }
    assertThat(spread).isPositive();
    double[][] drawn = copy(means);
    double[][] weights = copy(means);
    MeanPrior.apply(drawn, weights, COUNTS, SIZE);
    for (int c = 0; c < CLASSES; c++) {
      double[] expected = posterior(means, c, spread).toArray2()[0];
      assertThat(drawn[c]).containsExactly(expected, within(1e-6));
      assertThat(weights[c]).as("S is 1").containsExactly(drawn[c], within(1e-12));
    }
  }

  /** What it is for: a class of few vectors is found, and the others are not lost to it. */
  @Test
  void aMeanOfFewVectorsComesCloserToWhereItIs() {
    double before = 0;
    double after = 0;
    for (int trial = 0; trial < 20; trial++) {
      long[] exact = new long[CLASSES];
      Arrays.fill(exact, 1L << 40);
      double[][] truth = means(Rng.of(trial, 1), exact);
      Rng noise = Rng.of(trial, 2);
      double[][] measured = copy(truth);
      for (int c = 0; c < CLASSES; c++) {
        for (int i = 0; i < SIZE; i++) {
          measured[c][i] += noise.nextGaussian() / Math.sqrt((double) COUNTS[c]);
        }
      }
      double[][] drawn = copy(measured);
      MeanPrior.apply(drawn, copy(measured), COUNTS, SIZE);
      before += distance(measured[1], truth[1]);
      after += distance(drawn[1], truth[1]);
    }
    assertThat(after).isLessThan(0.6 * before);
  }

  private static double distance(double[] one, double[] other) {
    return IntStream.range(0, one.length)
        .mapToDouble(i -> (one[i] - other[i]) * (one[i] - other[i]))
        .sum();
  }

  @Test
  void withNothingToLearnFromMeansStayAsTheyAre() {
    double[][] two = means(Rng.of(5, 0), new long[] {9, 9});
    double[][] drawn = copy(two);
    MeanPrior.apply(drawn, copy(two), new long[] {9, 9}, SIZE);
    assertThat(drawn).isDeepEqualTo(two);
    double[][] same = {{1, 2}, {1, 2}, {1, 2}};
    double[][] still = copy(same);
    MeanPrior.apply(still, copy(same), new long[] {3, 3, 3}, 2);
    assertThat(still).isDeepEqualTo(same);
  }

  @Test
  void costsAreThoseOfTheClassesThatAreThere() {
    assertThat(MeanPrior.macs(new long[] {5, 5, 0}, 10)).isZero();
    // 3 x 3 products, 2 x 3 x 3 combinations, two inverses of 3 x 3.
    assertThat(MeanPrior.macs(new long[] {4, 0, 5, 7}, 10)).isEqualTo(90 + 180 + 2 * (4 + 27));
    // Another power of two: an inverse more.
    assertThat(MeanPrior.macs(new long[] {4, 0, 5, 8}, 10)).isEqualTo(90 + 180 + 3 * (4 + 27));
  }
}
