package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.nn.LearningRate;
import dev.accrete.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CumulativeTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final List<Experience> STREAM =
      TinyStream.experiences(
          TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3}, new int[] {1, 4});

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);

  private Strategy create(String... changes) {
    StrategyContext context = TinyStream.context(backend, network);
    return TinyStream.quick("cumulative", STREAM.size(), changes)
        .create(
            new StrategyContext(
                context.backend(),
                context.network(),
                context.preprocessing(),
                context.initial(),
                context.seed(),
                index -> STREAM.get(index).images()));
  }

  @Test
  void trainsOnEverythingSoFarForRisingEpochs() {
    List<Cost> costs = new ArrayList<>();
    try (Strategy strategy =
        create("cumulative.last-epochs", "9", "cumulative.max-epochs", "none")) {
      for (Experience experience : STREAM) {
        costs.add(strategy.learn(experience, ProgressListener.NONE));
      }
    }
    assertThat(costs).extracting(Cost::epochs).containsExactly(3, 5, 7, 9);
    assertThat(costs).extracting(Cost::imagesHeld).containsExactly(20, 30, 40, 60);
    assertThat(costs).extracting(Cost::imagesSeen).containsExactly(60, 150, 280, 540);
  }

  @Test
  void waitsAtExperiencesThatAreNotSampled() {
    try (Strategy all = create();
        Strategy sampled = create("cumulative.at", "1,4")) {
      List<Boolean> ready = new ArrayList<>();
      List<Cost> costs = new ArrayList<>();
      for (Experience experience : STREAM) {
        all.learn(experience, ProgressListener.NONE);
        costs.add(sampled.learn(experience, ProgressListener.NONE));
        ready.add(sampled.ready());
      }
      assertThat(ready).containsExactly(true, false, false, true);
      assertThat(costs).extracting(Cost::epochs).containsExactly(3, 0, 0, 4);
      assertThat(costs.get(1).macs()).isZero();
      assertThat(costs.get(1).imagesHeld()).isEqualTo(30);
      // Each re-training starts afresh, so those left out leave no trace.
      assertThat(MapState.of(sampled).floats("weights"))
          .isEqualTo(MapState.of(all).floats("weights"));
      assertThat(MapState.of(sampled).floats("moments"))
          .isEqualTo(MapState.of(all).floats("moments"));
    }
  }

  @Test
  void anUnsampledExperienceSurvivesSavingAndItsImagesAreNotLost() {
    String[] schedule = {"cumulative.at", "1,4"};
    try (Strategy whole = create(schedule);
        Strategy resumed = create(schedule)) {
      whole.learn(STREAM.get(0), ProgressListener.NONE);
      whole.learn(STREAM.get(1), ProgressListener.NONE);
      resumed.restore(MapState.of(whole));
      assertThat(resumed.ready()).isFalse();
      for (Experience experience : STREAM.subList(2, 4)) {
        whole.learn(experience, ProgressListener.NONE);
        resumed.learn(experience, ProgressListener.NONE);
      }
      assertThat(MapState.of(resumed).floats("weights"))
          .isEqualTo(MapState.of(whole).floats("weights"));
    }
  }

  /** A rate that never leaves 0 teaches nothing, one that rises and falls does. */
  @Test
  void jointTrainingAnnealsAndShifts() {
    float[] constant =
        weights("joint", "joint.at", "1", "shift", "0.25", "joint.schedule", "constant");
    float[] cosine = weights("joint", "joint.at", "1", "shift", "0.25");
    float[] still = weights("joint", "joint.at", "1", "shift", "0");
    float[] plain = weights("joint", "joint.at", "1", "augment", "false");
    assertThat(Arrays.equals(cosine, constant)).isFalse();
    assertThat(Arrays.equals(cosine, still)).isFalse();
    assertThat(Arrays.equals(still, plain)).isFalse();
    assertThat(weights("joint", "joint.at", "1", "augment", "false", "shift", "0.25"))
        .isEqualTo(plain);
  }

  private float[] weights(String name, String... changes) {
    try (Strategy strategy =
        TinyStream.quick(name, STREAM.size(), changes)
            .create(TinyStream.context(backend, network))) {
      strategy.learn(STREAM.getFirst(), ProgressListener.NONE);
      return MapState.of(strategy).floats("weights");
    }
  }

  @Test
  void annealingRisesToThePeakAndFalls() {
    LearningRate cosine = Annealing.COSINE.rate(0.5f, 200);
    assertThat(cosine.at(0)).isEqualTo(0.05f);
    assertThat(cosine.at(9)).isEqualTo(0.5f);
    assertThat(cosine.at(105)).isCloseTo(0.25f, within(1e-6f));
    assertThat(cosine.at(199)).isLessThan(1e-4f);
    assertThat(Annealing.COSINE.rate(0.5f, 1).at(0)).isEqualTo(0.5f);
    assertThat(Annealing.CONSTANT.rate(0.5f, 200).at(199)).isEqualTo(0.5f);
  }
}
