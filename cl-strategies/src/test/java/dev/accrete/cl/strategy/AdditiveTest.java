package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.LayerSet;
import dev.accrete.nn.Learner;
import dev.accrete.nn.MomentInference;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.SmallCnn;
import dev.accrete.nn.Weights;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scores of what forgot, or was merged, against those of what never saw, or saw all. Their bits
 * differ in the last places: sums of doubles depend on the order of what is added and taken off.
 */
class AdditiveTest {
  private static final int PER_CLASS = 200;
  private static final int DAY = 37;
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, PER_CLASS, 1);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 5, 2);
  private static final Network NETWORK = SmallCnn.of(TinyStream.CLASSES, TinyStream.SIDE);
  private static final Shrinkage SHRINKAGE =
      new Shrinkage.ToVariances("analytic.shrinkage", 0.25, 1e-6);
  private static final double EXACT = 1e-6;

  private final Backend backend = Backends.create("vector", new BackendOptions(2));

  private static int[] those(IntPredicate wanted) {
    return IntStream.range(0, TRAIN.size()).filter(wanted).toArray();
  }

  /** A stream of these images, shuffled, some a day. */
  private Strategy learned(int seed, int... images) {
    Strategy strategy =
        TinyStream.quick("analytic", 99).create(TinyStream.context(backend, NETWORK));
    int[] order = Rng.of(seed, 0).permutation(images.length);
    for (int from = 0, day = 0; from < order.length; from += DAY, day++) {
      int[] chosen =
          Arrays.stream(order, from, Math.min(order.length, from + DAY))
              .map(i -> images[i])
              .toArray();
      strategy.learn(new Experience(day, TRAIN.subset(chosen)), ProgressListener.NONE);
    }
    return strategy;
  }

  private Strategy without(int seed, int... images) {
    Strategy strategy = learned(seed, those(i -> true));
    ((Additive) strategy).forget(TRAIN.subset(images), ProgressListener.NONE);
    return strategy;
  }

  private float[] features() {
    LayerMoments layers = LayerMoments.of(NETWORK, LayerSet.S);
    Weights weights = Weights.initial(NETWORK, 7);
    int bytes = 3 * TinyStream.SIDE * TinyStream.SIDE;
    byte[] pixels = new byte[TEST.size() * bytes];
    IntStream.range(0, TEST.size()).forEach(i -> TEST.read(i, pixels, i * bytes));
    try (Learner learner = new Learner(backend, NETWORK, Preprocessing.centred(3))) {
      learner.initialize(weights.parameters(), weights.moments());
      MomentInference inference = learner.compileMoments(layers, false, TEST.size());
      float[] features = new float[TEST.size() * inference.size()];
      inference.run(pixels, TEST.size(), features);
      return features;
    }
  }

  private void assertSameScores(Strategy actual, Strategy expected) {
    float[] features = features();
    int size = features.length / TEST.size();
    double[][] a = scores(actual, features, size);
    double[][] b = scores(expected, features, size);
    for (int i = 0; i < a.length; i++) {
      // Scores count beside those of other classes: the largest of an image sets the scale.
      double scale =
          Arrays.stream(b[i]).filter(Double::isFinite).map(Math::abs).max().orElseThrow();
      for (int c = 0; c < TinyStream.CLASSES; c++) {
        if (Double.isInfinite(b[i][c])) {
          assertThat(a[i][c]).isEqualTo(b[i][c]);
        } else {
          assertThat(a[i][c]).as("class %d", c).isCloseTo(b[i][c], within(EXACT * (1 + scale)));
        }
      }
    }
    assertThat(actual.predict(TEST)).isEqualTo(expected.predict(TEST));
  }

  private static double[][] scores(Strategy strategy, float[] features, int size) {
    ClassMoments moments = new ClassMoments(TinyStream.CLASSES, size);
    moments.restore(MapState.of(strategy));
    Discriminant discriminant = moments.discriminant(SHRINKAGE, true, new EjmlSolver());
    double[][] scores = new double[features.length / size][TinyStream.CLASSES];
    for (int i = 0; i < scores.length; i++) {
      for (int c = 0; c < TinyStream.CLASSES; c++) {
        scores[i][c] = discriminant.bias()[c];
        for (int k = 0; k < size; k++) {
          scores[i][c] += discriminant.weights()[c][k] * features[i * size + k];
        }
      }
    }
    return scores;
  }

  @Test
  void aClassIsForgotten() {
    try (Strategy forgot = without(1, those(i -> i / PER_CLASS == 3));
        Strategy never = learned(2, those(i -> i / PER_CLASS != 3))) {
      assertSameScores(forgot, never);
      assertThat(forgot.predict(TEST)).doesNotContain(3);
    }
  }

  /** Whose images stand in every seventh place, whatever is on them. */
  @Test
  void aSubjectIsForgotten() {
    try (Strategy forgot = without(1, those(i -> i % 7 == 2));
        Strategy never = learned(2, those(i -> i % 7 != 2))) {
      assertSameScores(forgot, never);
    }
  }

  @Test
  void aHundredImagesAreForgotten() {
    int[] order = Rng.of(5, 0).permutation(TRAIN.size());
    Set<Integer> gone = new HashSet<>(Arrays.stream(order).limit(100).boxed().toList());
    try (Strategy forgot = without(1, those(gone::contains));
        Strategy never = learned(2, those(i -> !gone.contains(i)))) {
      assertSameScores(forgot, never);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1})
  void nearlyAllImagesAreForgotten(int leftOf200) {
    try (Strategy forgot = without(1, those(i -> i % 200 >= leftOf200));
        Strategy never = learned(2, those(i -> i % 200 < leftOf200))) {
      assertSameScores(forgot, never);
    }
  }

  @Test
  void halvesAreMerged() {
    try (Strategy left = learned(1, those(i -> i % 2 == 0));
        Strategy right = learned(2, those(i -> i % 2 == 1));
        Strategy whole = learned(3, those(i -> true))) {
      ((Additive) left).merge(MapState.of(right), new int[] {0, 1, 2, 3, 4, 5});
      assertSameScores(left, whole);
    }
  }

  /** Sums are of squares of all that came, so that this is where they could be off. */
  @Test
  void threeOrdersGiveTheSameScores() {
    try (Strategy first = learned(1, those(i -> true));
        Strategy second = learned(2, those(i -> true));
        Strategy third = learned(3, those(i -> true))) {
      assertSameScores(second, first);
      assertSameScores(third, first);
    }
  }

  @Test
  void whatIsForgottenLeavesNothingInTheTemperature() {
    try (Strategy forgot = without(1, 0)) {
      MapState state = MapState.of(forgot);
      assertThat(state.longs("calibration.place")).startsWith(0, 0);
      assertThat(state.longs("calibration.reference")).containsOnly(0);
      for (float score : state.floats("calibration.scores")) {
        assertThat(score).isEqualTo(Float.NEGATIVE_INFINITY);
      }
      int days = Math.ceilDiv(TRAIN.size(), DAY);
      forgot.learn(
          new Experience(days, TRAIN.subset(those(i -> i % 200 < 25))), ProgressListener.NONE);
      // Eight of each of six classes.
      assertThat(MapState.of(forgot).longs("calibration.place"))
          .startsWith(TRAIN.size() - 1, 6 * 8);
    }
  }
}
