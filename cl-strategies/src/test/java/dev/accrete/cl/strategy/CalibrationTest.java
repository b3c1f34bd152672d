package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Rng;
import dev.accrete.nn.SmallCnn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
    assertThat(calibration.isDue(0)).isTrue();
    calibration.refer(new Discriminant(new double[4][4], new double[4]), 50);
    assertThat(calibration.isDue(99)).isFalse();
    assertThat(calibration.isDue(100)).isTrue();
  }

  /** Scores of the first class by so much above others, where it is right and where it is wrong. */
  private static Calibration sure(int right, double by, int wrong, double byThere) {
    double[][] weights = new double[CLASSES][CLASSES];
    weights[0][0] = 1;
    Calibration calibration = new Calibration(CLASSES, CLASSES);
    calibration.refer(new Discriminant(weights, new double[CLASSES]), 100);
    for (int i = 0; i < right + wrong; i++) {
      float[] values = new float[CLASSES];
      values[0] = (float) (i < right ? by : byThere);
      calibration.take(i < right ? 0 : 1, values, 0);
    }
    return calibration;
  }

  @Test
  void oneLabelThatIsWrongMakesLittleDoubtful() {
    assertThat(sure(39, 10, 1, 1e5).temperature()).isBetween(1.0, 3.0);
    assertThat(sure(20, 10, 20, 1e5).temperature()).isGreaterThan(1000);
  }

  @Test
  void fewScoresSayNothing() {
    assertThat(sure(0, 0, 15, 100).temperature()).isEqualTo(1);
    assertThat(sure(0, 0, 16, 100).temperature()).isGreaterThan(1000);
  }

  @Test
  void scoresOfOlderDiscriminantsCountUntilThereAreEnoughOfTheNewOne() {
    Calibration calibration = sure(0, 0, 100, 100);
    Discriminant sound = new Discriminant(new double[CLASSES][CLASSES], new double[CLASSES]);
    calibration.refer(sound, 200);
    for (int i = 0; i < 63; i++) {
      calibration.take(0, new float[CLASSES], 0);
    }
    assertThat(calibration.temperature()).isGreaterThan(10);
    calibration.take(0, new float[CLASSES], 0);
    assertThat(calibration.temperature()).isEqualTo(1);
    calibration.refer(sound, 400);
    assertThat(calibration.temperature()).isEqualTo(1);
  }

  @Test
  void whoseScoresTheyAreSurvivesAStateAndTheRing() {
    Calibration calibration = sure(0, 0, 300, 100);
    Discriminant sound = new Discriminant(new double[CLASSES][CLASSES], new double[CLASSES]);
    calibration.refer(sound, 200);
    MapState state = new MapState();
    calibration.save(state);
    Calibration restored = new Calibration(CLASSES, CLASSES);
    restored.restore(state);
    for (Calibration each : List.of(calibration, restored)) {
      for (int i = 0; i < 63; i++) {
        each.take(0, new float[CLASSES], 0);
      }
      assertThat(each.temperature()).as("both references count").isGreaterThan(10);
      each.take(0, new float[CLASSES], 0);
      assertThat(each.temperature()).as("the new one alone").isEqualTo(1);
    }
  }

  @Test
  void aReferenceThatScoredNextToNothingReplacesNone() {
    Calibration calibration = sure(20, 10, 80, 100);
    double before = calibration.temperature();
    Discriminant sound = new Discriminant(new double[CLASSES][CLASSES], new double[CLASSES]);
    calibration.refer(sound, 200);
    calibration.take(0, new float[CLASSES], 0);
    calibration.refer(sound, 400);
    assertThat(calibration.temperature()).isBetween(0.5 * before, 2 * before);
  }

  @Test
  void someImagesOfManyNewClassesWait() {
    for (int classes : new int[] {2, 20, 100}) {
      int perClass = 40;
      int[] labels = IntStream.range(0, classes * perClass).map(i -> i / perClass).toArray();
      List<String> names = IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
      ImageSet images =
          new InMemoryImageSet("many", 8, 8, names, labels, new byte[labels.length * 192]);
      boolean[] waiting =
          new Calibration(classes, 1).wait(LabelledImages.of(SmallCnn.of(classes, 8), images));
      int[] chosen = IntStream.range(0, labels.length).filter(i -> waiting[i]).toArray();
      assertThat(chosen).hasSize(Math.min(64, classes * perClass / 4));
      assertThat(Arrays.stream(chosen).map(i -> labels[i]).distinct().count())
          .isGreaterThanOrEqualTo(Math.min(classes, 60));
    }
    boolean[] few =
        new Calibration(2, 1)
            .wait(
                LabelledImages.of(
                    SmallCnn.of(2, 8),
                    new InMemoryImageSet(
                        "few", 8, 8, List.of("a", "b"), new int[30], new byte[30 * 192])));
    assertThat(few).doesNotContain(true);
  }

  @Test
  void statesThatDoNotTellWhoseScoresTheyHaveCountAsEmpty() {
    MapState today = new MapState();
    calibration(10, 100).save(today);
    MapState state = new MapState();
    state.put("calibration.scores", today.floats("calibration.scores"));
    for (String name : List.of("calibration.labels", "calibration.reference")) {
      state.put(name, today.longs(name));
    }
    state.put("calibration.place", Arrays.copyOf(today.longs("calibration.place"), 3));
    Calibration older = new Calibration(CLASSES, CLASSES);
    older.restore(state);
    assertThat(older.temperature()).isEqualTo(1);
    assertThat(older.isDue(199)).isFalse();
    MapState damaged = new MapState();
    damaged.put("calibration.scores", today.floats("calibration.scores"));
    damaged.put("calibration.labels", today.longs("calibration.labels"));
    damaged.put("calibration.reference", today.longs("calibration.reference"));
    damaged.put("calibration.place", new long[] {100, 100, CLASSES, 101, 0});
    assertThatThrownBy(() -> new Calibration(CLASSES, CLASSES).restore(damaged))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("101")
        .hasMessageContaining("damaged");
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
