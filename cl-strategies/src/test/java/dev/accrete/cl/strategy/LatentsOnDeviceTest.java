package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.strategy.EmulatedDevice.Bus;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a device latents stay where they are computed: labels and cells cross the bus, no more. */
class LatentsOnDeviceTest {
  /** Inputs of a plan are copied in whole pieces of this size. */
  private static final int PIECE = 256;

  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final List<Experience> STREAM =
      TinyStream.experiences(TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {2});

  private final Network network = TinyStream.network(TinyStream.CLASSES);

  @SuppressWarnings("NullAway.Init") // JUnit calls open() first.
  private Backend backend;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    backend = EmulatedDevice.open();
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
    }
  }

  private Strategy create(ReplaySettings.Storage storage) {
    return TinyStream.quick(
            "ar1-free", STREAM.size(), "replay.storage", storage.name().toLowerCase(Locale.ROOT))
        .create(TinyStream.context(backend, network));
  }

  @ParameterizedTest
  @EnumSource
  void onlyCellsAndLabelsCrossTheBus(ReplaySettings.Storage storage) {
    try (Strategy strategy = create(storage)) {
      strategy.learn(STREAM.get(0), ProgressListener.NONE);
      strategy.learn(STREAM.get(1), ProgressListener.NONE);
      List<Bus> steps = new ArrayList<>();
      Bus begin = EmulatedDevice.bus();
      strategy.learn(STREAM.get(2), (done, total) -> steps.add(EmulatedDevice.bus()));
      Bus end = EmulatedDevice.bus();

      assertThat(steps.size()).isGreaterThan(2);
      int latentBytes = 4 * ReplaySettings.PUBLISHED.cut(network).latent().size();
      int images = STREAM.get(2).size();
      // The loss of every step comes back, and at the end how many images each class has had.
      assertThat(steps.getLast().since(begin).down()).isEqualTo(4L * steps.size());
      assertThat(end.since(steps.getLast()).down()).isEqualTo(4L * TinyStream.CLASSES);
      for (int i = 1; i < steps.size(); i++) {
        // Cells, labels, learning rate and limits of renormalization.
        assertThat(steps.get(i).since(steps.get(i - 1)).up()).isBetween(1L, 4L * PIECE);
      }
      // After the last step: cells to copy from and to, and two times the counts of the classes.
      assertThat(end.since(steps.getLast()).up()).isBetween(1L, 4L * PIECE);
      // The latents that are kept, and those of a mini-batch, would be more.
      assertThat(Math.min(24 / 3, images) * latentBytes).isGreaterThan(4 * PIECE);
      assertThat(16 * latentBytes).isGreaterThan(4 * PIECE);
    }
  }

  @Test
  void featuresOfTheFrozenNetworkStayThereToo() {
    try (Strategy strategy =
        TinyStream.quick("cwr-star", STREAM.size())
            .create(TinyStream.context(backend, network))) {
      strategy.learn(STREAM.get(0), ProgressListener.NONE);
      strategy.learn(STREAM.get(1), ProgressListener.NONE);
      List<Bus> steps = new ArrayList<>();
      Bus begin = EmulatedDevice.bus();
      strategy.learn(STREAM.get(2), (done, total) -> steps.add(EmulatedDevice.bus()));

      assertThat(steps).hasSizeGreaterThan(1);
      // The loss of every step comes back, from the first on: no features.
      assertThat(steps.getLast().since(begin).down()).isEqualTo(4L * steps.size());
      for (int i = 1; i < steps.size(); i++) {
        assertThat(steps.get(i).since(steps.get(i - 1)).up()).isBetween(1L, 4L * PIECE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointHoldsTheLatents(ReplaySettings.Storage storage) {
    try (Strategy strategy = create(storage);
        Strategy resumed = create(storage)) {
      strategy.learn(STREAM.get(0), ProgressListener.NONE);
      strategy.learn(STREAM.get(1), ProgressListener.NONE);
      resumed.restore(MapState.of(strategy));
      strategy.learn(STREAM.get(2), ProgressListener.NONE);
      resumed.learn(STREAM.get(2), ProgressListener.NONE);
      MapState expected = MapState.of(strategy);
      MapState actual = MapState.of(resumed);
      assertThat(actual.longs).usingRecursiveComparison().isEqualTo(expected.longs);
      assertThat(actual.bytes).usingRecursiveComparison().isEqualTo(expected.bytes);
      assertThat(actual.floats).usingRecursiveComparison().isEqualTo(expected.floats);
      assertThat(actual.longs.get("replay.labels")).hasSize(24);
    }
  }

  @Test
  void tooLargeAMemorySaysWhatToDo() {
    try (Learner learner = new Learner(backend, network, Preprocessing.centred(3))) {
      ReplaySettings large = ReplaySettings.PUBLISHED.withMemory(40_000);
      assertThatThrownBy(() -> new LatentMemory(learner, large, Shape.of(512, 8, 8)))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("no room for 40000 latents of 512x8x8 as F32")
          .hasMessageContaining("5,000 MiB on the GPU")
          .hasMessageContaining("or U8 ones, a quarter as large")
          .hasMessageContaining("replay.memory (40000)");
    }
  }
}
