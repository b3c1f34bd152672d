package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.data.SubsetImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What holds for every strategy. Extend this in a test of your own, on the class path of this
 * library's test-jar, and hand in your provider.
 */
public abstract class StrategyContract {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 5, 2);
  private static final List<Experience> STREAM =
      TinyStream.experiences(
          TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3}, new int[] {1, 4});

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);
  private final ConfiguredStrategy<?> configured =
      TinyStream.quick(provider(), STREAM.size(), settings());

  /** The strategy under test. */
  protected abstract StrategyProvider<?> provider();

  /** Names and values, in turn, of settings that make it learn the tiny stream in a second. */
  protected String[] settings() {
    return new String[0];
  }

  private StrategyContext context(Network of) {
    StrategyContext tiny = TinyStream.context(backend, of);
    return new StrategyContext(
        tiny.backend(),
        tiny.network(),
        tiny.preprocessing(),
        tiny.initial(),
        tiny.seed(),
        index -> STREAM.get(index).images());
  }

  private Strategy create() {
    return configured.create(context(network));
  }

  private static void learn(Strategy strategy, int from, int to) {
    for (Experience experience : STREAM.subList(from, to)) {
      strategy.learn(experience, ProgressListener.NONE);
    }
  }

  @Test
  void resumesBitForBitAtEveryExperience() {
    try (Strategy whole = create()) {
      learn(whole, 0, 1);
      for (int k = 1; k < STREAM.size(); k++) {
        MapState saved = MapState.of(whole);
        learn(whole, k, k + 1);
        try (Strategy resumed = create()) {
          resumed.restore(saved);
          assertThat(resumed.ready()).isTrue();
          MapState.of(resumed).assertSame(saved);
          learn(resumed, k, k + 1);
          MapState.of(resumed).assertSame(MapState.of(whole));
          assertThat(resumed.predict(TEST)).isEqualTo(whole.predict(TEST));
        }
      }
    }
  }

  @Test
  void predictsTheSameAfterRestoring() {
    try (Strategy strategy = create();
        Strategy restored = create()) {
      learn(strategy, 0, 2);
      restored.restore(MapState.of(strategy));
      assertThat(restored.predict(TEST)).isEqualTo(strategy.predict(TEST));
    }
  }

  @Test
  void learningDayByDayGivesTheBitsOfOneRun() {
    MapState state = new MapState();
    for (int day = 0; day < STREAM.size(); day++) {
      try (Strategy today = create()) {
        if (day > 0) {
          today.restore(state);
        }
        learn(today, day, day + 1);
        state = MapState.of(today);
      }
    }
    try (Strategy whole = create()) {
      learn(whole, 0, STREAM.size());
      state.assertSame(MapState.of(whole));
    }
  }

  /**
   * A head that is too small for a new class grows: nothing that was learned changes, what is new
   * is as in a head that had the row from the start, and so the next day gives the bits of one.
   */
  @Test
  void aStateOfFewerClassesGrowsIntoANetworkOfMore() {
    Network larger = TinyStream.network(TinyStream.CLASSES + 3);
    try (Strategy small = create();
        Strategy grown = configured.create(context(larger));
        Strategy again = configured.create(context(larger))) {
      learn(small, 0, 2);
      grown.restore(MapState.of(small));
      assertThat(grown.predict(TEST)).isEqualTo(small.predict(TEST));
      again.restore(MapState.of(grown));
      learn(grown, 2, 4);
      learn(again, 2, 4);
      MapState.of(again).assertSame(MapState.of(grown));
      float[] weights = MapState.of(small).floats.get("weights");
      if (weights != null) {
        int head = network.head().offset();
        float[] initial = larger.initialWeights(7);
        try (Strategy fresh = configured.create(context(larger))) {
          fresh.restore(MapState.of(small));
          float[] after = MapState.of(fresh).floats("weights");
          int known = head + network.head().size();
          int all = head + larger.head().size();
          for (int i = 0; i < all; i++) {
            assertThat(after[i]).isEqualTo(i < known ? weights[i] : initial[i]);
          }
        }
      }
    }
  }

  @Test
  void aStateOfMoreClassesThanTheNetworkHasIsRefused() {
    Network larger = TinyStream.network(TinyStream.CLASSES + 3);
    try (Strategy big = configured.create(context(larger));
        Strategy small = create()) {
      learn(big, 0, 1);
      MapState state = MapState.of(big);
      assertThatThrownBy(() -> small.restore(state))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("9 classes");
    }
  }

  @Test
  void knowsWhatItLearnedAndPredictsNothingElse() {
    try (Strategy strategy = create()) {
      assertThat(strategy.name()).isEqualTo(provider().name());
      assertThat(strategy.ready()).isFalse();
      learn(strategy, 0, 1);
      assertThat(strategy.ready()).isTrue();
      assertThat(strategy.predict(TEST)).doesNotContain(1, 2, 4, 5);
      learn(strategy, 1, 4);
      assertThat(strategy.predict(TEST)).doesNotContain(2, 5);
    }
  }

  @Test
  void reportsWhatItSpent() {
    List<String> reports = new ArrayList<>();
    try (Strategy strategy = create()) {
      Cost cost = strategy.learn(STREAM.get(0), (done, total) -> reports.add(done + "/" + total));
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

  @Test
  void expectsTheWorkItThenDoes() {
    int[] sizes = STREAM.stream().mapToInt(Experience::size).toArray();
    long[] expected = configured.expectedWork(sizes);
    try (Strategy strategy = create()) {
      for (Experience experience : STREAM) {
        Cost cost = strategy.learn(experience, ProgressListener.NONE);
        assertThat((long) Math.max(1, cost.imagesSeen())).isEqualTo(expected[experience.index()]);
      }
    }
  }

  @Test
  void learnsFromASingleImage() {
    try (Strategy strategy = create()) {
      learn(strategy, 0, 1);
      Experience single = new Experience(1, TRAIN.subset(new int[] {TRAIN.size() - 1}));
      Cost cost = strategy.learn(single, ProgressListener.NONE);
      assertThat(cost.imagesSeen()).isPositive();
      assertThat(strategy.predict(TEST)).doesNotContain(1, 2, 4);
    }
  }

  @Test
  void experiencesMustComeInOrder() {
    try (Strategy strategy = create()) {
      assertThatThrownBy(() -> strategy.learn(STREAM.get(1), ProgressListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("experience 0 next");
    }
  }

  @Test
  void nothingCanBePredictedBeforeLearning() {
    try (Strategy strategy = create()) {
      assertThat(strategy.hasModel()).isFalse();
      assertThatThrownBy(() -> strategy.predict(TEST, new int[] {0}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing is known");
    }
  }

  @Test
  void aPredictionSeesTheStateBeforeAnExperienceOrAfterIt()
      throws InterruptedException, ExecutionException {
    try (Strategy strategy = create();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      learn(strategy, 0, 1);
      int[] before = strategy.predict(TEST);
      CountDownLatch begun = new CountDownLatch(1);
      List<String> refusals = new ArrayList<>();
      Future<int[]> during =
          other.submit(
              () -> {
                begun.await();
                return strategy.predict(TEST);
              });
      strategy.learn(
          STREAM.get(1),
          (done, total) -> {
            begun.countDown();
            try {
              strategy.predict(TEST);
            } catch (IllegalStateException e) {
              refusals.add(String.valueOf(e.getMessage()));
            }
          });
      assertThat(refusals).isNotEmpty().allMatch(r -> r.contains("while it learns"));
      assertThat(during.get()).isIn(before, strategy.predict(TEST));
    }
  }

  @Test
  void aLabelWithoutAClassIsRefusedWithTheImageNamed() {
    ImageSet nineClasses = TinyStream.images(9, 4, 1);
    Experience bad = new Experience(0, nineClasses.subset(new int[] {0, 1, 33}));
    try (Strategy strategy = create()) {
      assertThatThrownBy(() -> strategy.learn(bad, ProgressListener.NONE))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining(nineClasses.describe(33))
          .hasMessageContaining("label 8")
          .hasMessageContaining("classes 0 to 5");
      learn(strategy, 0, 1);
      assertThat(strategy.ready()).isTrue();
    }
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    ImageSet large =
        new InMemoryImageSet(
            "large", 9, 8, Collections.nCopies(6, "c"), new int[] {0}, new byte[3 * 9 * 8]);
    try (Strategy strategy = create()) {
      Experience experience = new Experience(0, large);
      assertThatThrownBy(() -> strategy.learn(experience, ProgressListener.NONE))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("3x9x8")
          .hasMessageContaining("3x8x8");
      learn(strategy, 0, 1);
      assertThatThrownBy(() -> strategy.predict(large, new int[] {0}))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("image size");
    }
  }

  @Test
  void aStateOfAnotherNetworkIsRefused() {
    Network other =
        Network.of(
            "other",
            Shape.of(3, TinyStream.SIDE, TinyStream.SIDE),
            List.of(
                Sequence.normalized(Convolution.of("conv1", 40, 3, 1, 1)),
                Sequence.normalized(Convolution.pointwise("conv2", 40)),
                new GlobalAverage("pool")),
            "head",
            TinyStream.CLASSES);
    StrategyContext elsewhere =
        new StrategyContext(
            backend, other, Preprocessing.centred(3), Weights.initial(other, 7), 11);
    try (Strategy strategy = create();
        Strategy different = configured.create(elsewhere)) {
      learn(strategy, 0, 1);
      MapState state = MapState.of(strategy);
      assertThatThrownBy(() -> different.restore(state))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("another network");
      assertThatThrownBy(() -> strategy.restore(new MapState()))
          .isInstanceOf(AccreteException.class);
    }
  }

  @Test
  void thePlaceOfAnImageInItsSetDoesNotMatter() {
    int[] reversed = IntStream.range(0, TRAIN.size()).map(i -> TRAIN.size() - 1 - i).toArray();
    ImageSet backwards = new SubsetImageSet("backwards", TRAIN, reversed);
    try (Strategy a = create();
        Strategy b = create()) {
      for (Experience experience : STREAM.subList(0, 2)) {
        a.learn(experience, ProgressListener.NONE);
        int[] places =
            IntStream.range(0, experience.size())
                .map(i -> Integer.parseInt(experience.images().describe(i).replaceAll("\\D", "")))
                .map(i -> TRAIN.size() - 1 - i)
                .toArray();
        b.learn(
            new Experience(experience.index(), backwards.subset(places)), ProgressListener.NONE);
      }
      MapState.of(b).assertSame(MapState.of(a));
    }
  }

  /** Experiences of the stream, counted anew. */
  private static Strategy learned(Strategy strategy, int... chosen) {
    for (int i = 0; i < chosen.length; i++) {
      ImageSet images = STREAM.get(chosen[i]).images();
      strategy.learn(new Experience(i, images), ProgressListener.NONE);
    }
    return strategy;
  }

  private static Additive additive(Strategy strategy) {
    assumeThat(strategy).as("whose knowledge is a sum").isInstanceOf(Additive.class);
    return (Additive) strategy;
  }

  @Test
  void whatWasForgottenWasNeverLearned() {
    try (Strategy strategy = learned(create(), 0, 1, 2, 3);
        Strategy never = learned(create(), 0, 2);
        Strategy restored = create()) {
      Additive sum = additive(strategy);
      ImageSet last = STREAM.get(3).images();
      Cost cost = sum.forget(STREAM.get(1).images(), ProgressListener.NONE);
      assertThat(cost.imagesSeen()).isEqualTo(STREAM.get(1).size());
      assertThat(cost.macs()).isPositive();
      sum.forget(last, ProgressListener.NONE);
      assertThat(strategy.predict(TEST)).isEqualTo(never.predict(TEST)).doesNotContain(1, 4);
      restored.restore(MapState.of(strategy));
      MapState.of(restored).assertSame(MapState.of(strategy));
      strategy.learn(new Experience(4, last), ProgressListener.NONE);
      restored.learn(new Experience(4, last), ProgressListener.NONE);
      MapState.of(restored).assertSame(MapState.of(strategy));
      assertThat(strategy.predict(TEST)).contains(1, 4);
    }
  }

  @Test
  void noMoreIsForgottenThanWasLearned() {
    try (Strategy strategy = learned(create(), 0, 1)) {
      Additive sum = additive(strategy);
      MapState before = MapState.of(strategy);
      ImageSet more = STREAM.get(3).images();
      assertThatThrownBy(() -> sum.forget(more, ProgressListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("class 4");
      MapState.of(strategy).assertSame(before);
    }
  }

  @Test
  void everythingCanBeForgotten() {
    try (Strategy strategy = learned(create(), 0)) {
      Additive sum = additive(strategy);
      assertThat(strategy.hasModel()).isTrue();
      sum.forget(STREAM.get(0).images(), ProgressListener.NONE);
      assertThat(strategy.hasModel()).isFalse();
      assertThatThrownBy(() -> strategy.predict(TEST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing is known");
      strategy.learn(new Experience(1, STREAM.get(1).images()), ProgressListener.NONE);
      assertThat(strategy.predict(TEST)).containsOnly(1);
    }
  }

  @Test
  void twoHalvesMakeTheWhole() {
    Network smaller = TinyStream.network(4);
    try (Strategy whole = learned(create(), 0, 1, 2, 3);
        Strategy half = learned(create(), 3, 1);
        Strategy other = configured.create(context(smaller))) {
      Additive sum = additive(half);
      learned(other, 0, 2);
      int[] classes = {0, 1, 2, 3};
      sum.merge(MapState.of(other), classes);
      assertThat(half.predict(TEST)).isEqualTo(whole.predict(TEST));
      half.learn(new Experience(4, STREAM.get(1).images()), ProgressListener.NONE);
      MapState state = MapState.of(other);
      for (int[] wrong : List.of(new int[] {0, 1, 2}, new int[] {0, 1, 2, 2}, new int[4])) {
        assertThatThrownBy(() -> sum.merge(state, wrong))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> sum.merge(state, new int[] {0, 1, 2, -1}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
