package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CumulativeTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final List<Experience> STREAM =
      TinyStream.experiences(
          TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3}, new int[] {1, 4});

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);

  private Strategy create(Retraining schedule) {
    Hyperparameters quick = TinyStream.quick(Strategies.CUMULATIVE, STREAM.size());
    return Strategies.create(
        Strategies.CUMULATIVE,
        TinyStream.context(backend, network, STREAM.size()),
        quick.toBuilder().retrain(schedule).build());
  }

  @Test
  void trainsOnEverythingSoFarForRisingEpochs() {
    List<Cost> costs = new ArrayList<>();
    try (Strategy strategy = create(new Retraining(9, Retraining.UNCAPPED, List.of()))) {
      for (Experience experience : STREAM) {
        costs.add(strategy.learn(experience, TRAIN, Progress.NONE));
      }
    }
    assertThat(costs).extracting(Cost::epochs).containsExactly(3, 5, 7, 9);
    assertThat(costs).extracting(Cost::imagesHeld).containsExactly(20, 30, 40, 60);
    assertThat(costs).extracting(Cost::imagesSeen).containsExactly(60, 150, 280, 540);
  }

  @Test
  void waitsAtExperiencesThatAreNotSampled() {
    try (Strategy all = create(new Retraining(5, 4, List.of()));
        Strategy sampled = create(new Retraining(5, 4, List.of(1, 4)))) {
      List<Boolean> ready = new ArrayList<>();
      List<Cost> costs = new ArrayList<>();
      for (Experience experience : STREAM) {
        all.learn(experience, TRAIN, Progress.NONE);
        costs.add(sampled.learn(experience, TRAIN, Progress.NONE));
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
    Retraining schedule = new Retraining(5, 4, List.of(1, 4));
    try (Strategy whole = create(schedule);
        Strategy resumed = create(schedule)) {
      whole.learn(STREAM.get(0), TRAIN, Progress.NONE);
      whole.learn(STREAM.get(1), TRAIN, Progress.NONE);
      resumed.restore(MapState.of(whole));
      assertThat(resumed.ready()).isFalse();
      for (Experience experience : STREAM.subList(2, 4)) {
        whole.learn(experience, TRAIN, Progress.NONE);
        resumed.learn(experience, TRAIN, Progress.NONE);
      }
      assertThat(MapState.of(resumed).floats("weights"))
          .isEqualTo(MapState.of(whole).floats("weights"));
    }
  }
}
