package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.SubsetImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every strategy. */
class StrategyContractTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 5, 2);
  private static final List<Experience> STREAM =
      TinyStream.experiences(
          TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3}, new int[] {1, 4});

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);
  private final StrategyContext context = TinyStream.context(backend, network, STREAM.size());

  static Stream<String> names() {
    return Strategies.names().stream();
  }

  private Strategy create(String name) {
    return Strategies.create(name, context, TinyStream.quick(name, STREAM.size()));
  }

  private static void learn(Strategy strategy, int from, int to) {
    for (Experience experience : STREAM.subList(from, to)) {
      strategy.learn(experience, TRAIN, Progress.NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void resumesBitForBitAtEveryExperience(String name) {
    resumes(name, TinyStream.quick(name, STREAM.size()));
  }

  @ParameterizedTest
  @CsvSource({
    "0.3, global, top, gradient-scale",
    "0.05, layer, top, quadratic",
    "0.5, layer, random, gradient-scale",
    "0.5, global, magnitude, quadratic"
  })
  void resumesBitForBitWithSparseImportance(
      String density, String selection, String criterion, String penalty) {
    resumes(
        Strategies.AR1_STAR,
        TinyStream.quick(Strategies.AR1_STAR, STREAM.size())
            .with("si.density", density)
            .with("si.selection", selection)
            .with("si.sparse", criterion)
            .with("si.penalty", penalty));
  }

  private void resumes(String name, Hyperparameters settings) {
    try (Strategy whole = Strategies.create(name, context, settings)) {
      learn(whole, 0, 1);
      for (int k = 1; k < STREAM.size(); k++) {
        MapState saved = MapState.of(whole);
        learn(whole, k, k + 1);
        try (Strategy resumed = Strategies.create(name, context, settings)) {
          resumed.restore(saved);
          assertThat(resumed.ready()).isTrue();
          assertSame(MapState.of(resumed), saved);
          learn(resumed, k, k + 1);
          assertSame(MapState.of(resumed), MapState.of(whole));
          assertThat(resumed.predict(TEST, TinyStream.all(TEST)))
              .isEqualTo(whole.predict(TEST, TinyStream.all(TEST)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void predictsTheSameAfterRestoring(String name) {
    try (Strategy strategy = create(name);
        Strategy restored = create(name)) {
      learn(strategy, 0, 2);
      restored.restore(MapState.of(strategy));
      assertThat(restored.predict(TEST, TinyStream.all(TEST)))
          .isEqualTo(strategy.predict(TEST, TinyStream.all(TEST)));
    }
  }

  private static void assertSame(MapState actual, MapState expected) {
    assertThat(actual.floats.keySet()).isEqualTo(expected.floats.keySet());
    assertThat(actual.longs.keySet()).isEqualTo(expected.longs.keySet());
    expected.floats.forEach(
        (array, values) -> assertThat(actual.floats.get(array)).as(array).isEqualTo(values));
    expected.longs.forEach(
        (array, values) -> assertThat(actual.longs.get(array)).as(array).isEqualTo(values));
    assertThat(actual.bytes.keySet()).isEqualTo(expected.bytes.keySet());
    expected.bytes.forEach(
        (array, values) -> assertThat(actual.bytes.get(array)).as(array).isEqualTo(values));
  }

  @ParameterizedTest
  @MethodSource("names")
  void knowsWhatItLearnedAndPredictsNothingElse(String name) {
    try (Strategy strategy = create(name)) {
      assertThat(strategy.name()).isEqualTo(name);
      assertThat(strategy.ready()).isFalse();
      learn(strategy, 0, 1);
      assertThat(strategy.ready()).isTrue();
      assertThat(strategy.predict(TEST, TinyStream.all(TEST))).doesNotContain(1, 2, 4, 5);
      learn(strategy, 1, 4);
      assertThat(strategy.predict(TEST, TinyStream.all(TEST))).doesNotContain(2, 5);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void reportsWhatItSpent(String name) {
    List<String> reports = new ArrayList<>();
    try (Strategy strategy = create(name)) {
      Cost cost =
          strategy.learn(STREAM.get(0), TRAIN, (done, total) -> reports.add(done + "/" + total));
      int images = STREAM.get(0).size();
      assertThat(cost.imagesHeld()).isEqualTo(images);
      assertThat(cost.epochs()).isPositive();
      assertThat(cost.imagesSeen()).isEqualTo(images * cost.epochs());
      assertThat(cost.macs()).isPositive();
      assertThat(cost.seconds()).isPositive();
      assertThat(cost.peakBytes())
          .isGreaterThan(4L * network.parameters().size() + (long) images * 3 * 8 * 8);
      assertThat(reports.getLast()).isEqualTo(cost.imagesSeen() + "/" + cost.imagesSeen());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void learnsFromASingleImage(String name) {
    try (Strategy strategy = create(name)) {
      learn(strategy, 0, 1);
      Experience single = Experience.of(1, new int[] {TRAIN.size() - 1}, TRAIN::label);
      Cost cost = strategy.learn(single, TRAIN, Progress.NONE);
      assertThat(cost.imagesSeen()).isPositive();
      assertThat(strategy.predict(TEST, TinyStream.all(TEST))).doesNotContain(1, 2, 4);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void experiencesMustComeInOrder(String name) {
    try (Strategy strategy = create(name)) {
      assertThatThrownBy(() -> strategy.learn(STREAM.get(1), TRAIN, Progress.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("experience 0 next");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void nothingCanBePredictedBeforeLearning(String name) {
    try (Strategy strategy = create(name)) {
      assertThatThrownBy(() -> strategy.predict(TEST, new int[] {0}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing was learned");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aLabelWithoutAClassIsRefusedWithTheImageNamed(String name) {
    ImageSet nineClasses = TinyStream.images(9, 4, 1);
    Experience bad = Experience.of(0, new int[] {0, 1, 33}, nineClasses::label);
    try (Strategy strategy = create(name)) {
      assertThatThrownBy(() -> strategy.learn(bad, nineClasses, Progress.NONE))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining(nineClasses.describe(33))
          .hasMessageContaining("label 8")
          .hasMessageContaining("classes 0 to 5");
      learn(strategy, 0, 1);
      assertThat(strategy.ready()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void imagesOfAnotherSizeAreRefused(String name) {
    ImageSet large =
        new InMemoryImageSet(
            "large", 9, 8, Collections.nCopies(6, "c"), new int[] {0}, new byte[3 * 9 * 8]);
    try (Strategy strategy = create(name)) {
      Experience experience = Experience.of(0, new int[] {0}, large::label);
      assertThatThrownBy(() -> strategy.learn(experience, large, Progress.NONE))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("3x9x8")
          .hasMessageContaining("3x8x8");
      learn(strategy, 0, 1);
      assertThatThrownBy(() -> strategy.predict(large, new int[] {0}))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("image size");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aStateOfAnotherNetworkIsRefused(String name) {
    Network other = TinyStream.network(TinyStream.CLASSES + 3);
    try (Strategy strategy = create(name);
        Strategy larger =
            Strategies.create(
                name,
                TinyStream.context(backend, other, STREAM.size()),
                TinyStream.quick(name, STREAM.size()))) {
      learn(strategy, 0, 1);
      MapState state = MapState.of(strategy);
      assertThatThrownBy(() -> larger.restore(state))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("another network");
      assertThatThrownBy(() -> strategy.restore(new MapState()))
          .isInstanceOf(AccreteException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void thePlaceOfAnImageInItsSetDoesNotMatter(String name) {
    int[] reversed = new int[TRAIN.size()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = reversed.length - 1 - i;
    }
    ImageSet backwards = new SubsetImageSet("backwards", TRAIN, reversed);
    try (Strategy a = create(name);
        Strategy b = create(name)) {
      for (Experience experience : STREAM.subList(0, 2)) {
        a.learn(experience, TRAIN, Progress.NONE);
        int[] images = experience.images().clone();
        for (int i = 0; i < images.length; i++) {
          images[i] = reversed.length - 1 - images[i];
        }
        b.learn(
            Experience.of(experience.index(), images, backwards::label), backwards, Progress.NONE);
      }
      MapState expected = MapState.of(a);
      MapState actual = MapState.of(b);
      actual.longs.remove("images");
      expected.longs.remove("images");
      assertSame(actual, expected);
    }
  }
}
