package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Rng;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final int CLASSES = 4;

  /** Scores are {@code sure} times the logits that labels are drawn from. */
  private static Calibration calibration(double sure, int images) {
    double[][] weights = new double[CLASSES][CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      weights[c][c] = sure;
    }
    Calibration calibration = new Calibration(CLASSES, CLASSES);
    calibration.refer(new Discriminant(weights, new double[CLASSES]), 100);
    Rng rng = Rng.of(4, 0);
    for (int v = 0; v < images; v++) {
      float[] logits = new float[CLASSES];
      double[] share = new double[CLASSES];
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        logits[c] = (float) (2 * rng.nextGaussian());
        share[c] = Math.exp(logits[c]);
        sum += share[c];
      }
      double drawn = rng.nextDouble() * sum;
      int label = 0;
      while (label < CLASSES - 1 && drawn > share[label]) {
        drawn -= share[label++];
      }
      calibration.take(label, logits, 0);
    }
    return calibration;
  }

  @Test
  void findsHowMuchTooSureTheScoresAre() {
    double ten = calibration(10, 256).temperature();
    assertThat(ten).isBetween(8.0, 13.0);
    assertThat(calibration(1000, 256).temperature()).isBetween(99.99 * ten, 100.01 * ten);
  }

  @Test
  void scoresThatAreNotTooSureStayAsTheyAre() {
    assertThat(new Calibration(CLASSES, CLASSES).temperature()).isEqualTo(1);
    assertThat(calibration(0.1, 256).temperature()).isEqualTo(1);
  }

  @Test
  void aNewDiscriminantIsDueWhenThereAreTwiceAsManyVectors() {
    Calibration calibration = new Calibration(CLASSES, CLASSES);
    assertThat(calibration.isDue(0)).isFalse();
    assertThat(calibration.isDue(1)).isTrue();
    calibration.refer(new Discriminant(new double[4][4], new double[4]), 50);
    assertThat(calibration.isDue(99)).isFalse();
    assertThat(calibration.isDue(100)).isTrue();
  }

  @Test
  void goesOnWithMoreClasses() {
    Calibration small = calibration(10, 300);
    MapState state = new MapState();
    small.save(state);
    Calibration large = new Calibration(CLASSES + 3, CLASSES);
    large.restore(state);
    assertThat(large.temperature()).isEqualTo(small.temperature());
    MapState again = new MapState();
    large.save(again);
    Calibration same = new Calibration(CLASSES + 3, CLASSES);
    same.restore(again);
    MapState third = new MapState();
    same.save(third);
    third.assertSame(again);
  }
}
