package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Model;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Predictor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyResNetTest {
  private static final int SIDE = 16;
  private static final int PLANE = SIDE * SIDE;
  private static final List<String> COLOURS = List.of("red", "green", "blue");

  /** Pictures of one colour with noise. */
  private static ImageSet day(int count, long seed, int... colours) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * 3 * PLANE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = colours[i % colours.length];
      for (int p = 0; p < 3 * PLANE; p++) {
        int light = p / PLANE == labels[i] ? 160 : 60;
        pixels[i * 3 * PLANE + p] = (byte) (light + random.nextInt(60));
      }
    }
    return new InMemoryImageSet("colours", SIDE, SIDE, COLOURS, labels, pixels);
  }

  @Test
  void everyStrategyTakesItAndItsModelPredictsByItself(@TempDir Path folder) {
    for (String strategy : List.of("ar1-star", "cwr-star", "naive")) {
      LearnerConfig config =
          LearnerConfig.of("tiny-resnet:3", SIDE, strategy)
              .withSettings(Map.of("mini-batch", "16", "first.learning-rate", "0.05"));
      Path file = folder.resolve(strategy + ".safetensors");
      ImageSet test = day(12, 3, 0, 1);
      try (Backend backend = Backends.create("vector", new BackendOptions(2));
          ContinualLearner learner = ContinualLearner.create(config, backend)) {
        learner.learn(day(64, 1, 0, 1));
        assertThat(learner.predict(test))
            .containsExactly(
                "red", "green", "red", "green", "red", "green", "red", "green", "red", "green",
                "red", "green");
        learner.learn(day(32, 2, 2));
        learner.model().save(file);
        assertThat(learner.classes()).containsExactlyElementsOf(COLOURS);
        byte[] pixels = new byte[3 * PLANE];
        test.read(0, pixels, 0);
        try (Predictor predictor = Model.load(file, backend)) {
          assertThat(predictor.predictPixels(pixels, 1).getFirst().best().name())
              .isEqualTo(learner.predict(test).getFirst());
        }
      }
    }
  }

  @Test
  void aBlockIsNothingButItsSum() {
    assertThat(ModelSpec.names()).contains("tiny-resnet[:BLOCKS]");
    long one = ModelSpec.parse("tiny-resnet:1", SIDE, 2).parameters().count();
    long two = ModelSpec.parse("tiny-resnet:2", SIDE, 2).parameters().count();
    assertThat(two - one).isEqualTo(2 * (16 * 16 * 9 + 2 * 16));
  }

  @Test
  void aWrongNumberOfBlocksIsRefused() {
    assertThatThrownBy(() -> ModelSpec.parse("tiny-resnet:0", SIDE, 2))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("the number of blocks must be 1 to 50, got 0");
  }
}
