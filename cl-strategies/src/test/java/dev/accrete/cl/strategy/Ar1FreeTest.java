package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.JoinedImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Variable;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Ar1FreeTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);

  /** Experiences of 20, 10, 1 and 20 images. */
  private static final List<Experience> STREAM = stream();

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);

  private static List<Experience> stream() {
    List<Experience> stream =
        new ArrayList<>(
            TinyStream.experiences(
                TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {2}, new int[] {3, 4}));
    stream.set(2, new Experience(2, stream.get(2).images().subset(new int[] {4})));
    return stream;
  }

  private Composition create(String... settings) {
    return (Composition)
        TinyStream.quick("ar1-free", STREAM.size(), settings)
            .create(TinyStream.context(backend, network));
  }

  /** The image of {@code images} that a latent came from, by its bits. */
  private static Map<List<Float>, Integer> origins(
      Composition strategy, ImageSet images, int length) {
    Map<List<Float>, Integer> origins = new HashMap<>();
    float[] latent = new float[length];
    try (LatentBank bank =
        strategy
            .learner()
            .allocateLatents(
                "now",
                ReplaySettings.PUBLISHED.cut(strategy.network()).latent(),
                images.size(),
                LatentBank.Storage.F32)) {
      int[] cells = IntStream.range(0, images.size()).toArray();
      strategy.source().extract(images, cells, bank, cells);
      for (int cell : cells) {
        bank.read(cell, latent, 0);
        origins.put(key(latent, 0, length), cell);
      }
    }
    return origins;
  }

  private static List<Float> key(float[] values, int offset, int length) {
    List<Float> key = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      key.add(values[offset + i]);
    }
    return key;
  }

  /**
   * The faults of other implementations, all at once: latents stored in another order than their
   * labels, latents from before the training, latents that went stale because layers below moved.
   */
  @Test
  void everyLatentIsWhatTheNetworkGivesNowForAnImageOfItsLabel() {
    try (Composition strategy = create()) {
      int length = ReplaySettings.PUBLISHED.cut(network).latent().size();
      List<ImageSet> seen = new ArrayList<>();
      int[] sizes = {20, 24, 24, 24};
      for (Experience experience : STREAM) {
        strategy.learn(experience, ProgressListener.NONE);
        seen.add(experience.images());
        LatentMemory memory = strategy.memory();
        assertThat(memory.size()).isEqualTo(sizes[experience.index()]);
        ImageSet all = new JoinedImageSet("seen", seen);
        Map<List<Float>, Integer> origins = origins(strategy, all, length);
        float[] latent = new float[length];
        for (int cell = 0; cell < memory.size(); cell++) {
          memory.bank().orElseThrow().read(cell, latent, 0);
          int image = origins.getOrDefault(key(latent, 0, length), -1);
          assertThat(image)
              .as("cell %d after experience %d", cell, experience.index())
              .isNotNegative();
          assertThat(memory.label(cell)).isEqualTo(all.label(image));
        }
      }
    }
  }

  @Test
  void layersUpToTheCutStayFromTheSecondExperienceOn() {
    try (Composition strategy = create()) {
      Cut cut = ReplaySettings.PUBLISHED.cut(network);
      strategy.learn(STREAM.get(0), ProgressListener.NONE);
      float[] before = weights(strategy);
      float[] momentsBefore = moments(strategy);
      strategy.learn(STREAM.get(1), ProgressListener.NONE);
      float[] after = weights(strategy);
      for (Parameter parameter : network.parameters().all()) {
        assertThat(Arrays.equals(range(before, parameter), range(after, parameter)))
            .as(parameter.name())
            .isEqualTo(!cut.isAbove(parameter));
      }
      for (Parameter moment : network.moments().all()) {
        boolean below = moment.name().startsWith("conv1") || moment.name().startsWith("conv2/dw");
        assertThat(Arrays.equals(range(momentsBefore, moment), range(moments(strategy), moment)))
            .as(moment.name())
            .isEqualTo(below);
      }
    }
  }

  @Test
  void pastCountsNewImagesAlone() {
    try (Composition strategy = create()) {
      STREAM.forEach(experience -> strategy.learn(experience, ProgressListener.NONE));
      assertThat(strategy.learner().snapshot(strategy.learner().variables().past()))
          .containsExactly(10, 10, 1, 20, 10, 0);
    }
  }

  @Test
  void withoutMemoryItTrainsOnNewImagesAlone() {
    try (Composition strategy = create("replay.memory", "0")) {
      STREAM.forEach(experience -> strategy.learn(experience, ProgressListener.NONE));
      assertThat(strategy.memory().size()).isZero();
    }
  }

  @Test
  void aLayerThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> create("replay.layer", "conv9"))
        .hasMessageContaining("conv9")
        .hasMessageContaining("conv2/dw");
  }

  private static float[] weights(Composition strategy) {
    return snapshot(strategy, strategy.learner().variables().weights());
  }

  private static float[] moments(Composition strategy) {
    return snapshot(strategy, strategy.learner().variables().moments());
  }

  private static float[] snapshot(Composition strategy, Variable variable) {
    return strategy.learner().snapshot(variable);
  }

  private static float[] range(float[] flat, Parameter parameter) {
    return Arrays.copyOfRange(flat, parameter.offset(), parameter.offset() + parameter.size());
  }
}
