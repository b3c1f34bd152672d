package dev.accrete.cl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.SimulatedCore50;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.scenario.FrameScenario;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Model;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ten lines of the README, on the first experiences of a thinned stream. */
class ReadmeExampleTest {
  @TempDir private Path folder;

  private static List<ImageSet> days() {
    CoreOptions few = CoreOptions.STANDARD.withFramesEvery(100).withTestEvery(2000);
    FrameScenario scenario = Scenarios.parse("nicv2-391").overCore50(few, 0).first(2);
    ImageSet images = new SimulatedCore50().images("train", scenario.trainFrames(), 64);
    return scenario.batches().stream().map(b -> Experience.of(b, images).images()).toList();
  }

  private Path photo() throws IOException {
    Path file = folder.resolve("photo.jpg");
    BufferedImage image = new BufferedImage(200, 150, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 150 * 200; i++) {
      image.setRGB(i % 200, i / 200, i * 31);
    }
    assertThat(ImageIO.write(image, "jpg", file.toFile())).isTrue();
    return file;
  }

  @Test
  void runsAsWritten() throws IOException {
    try (Backend backend = Backends.create("auto", BackendOptions.defaults());
        ContinualLearner learner =
            ContinualLearner.create(
                LearnerConfig.of("mobilenet-v1:0.5", 64, "ar1-star"), backend)) {
      for (ImageSet day : days()) { // labelled images; classes have names, new ones may come
        learner.learn(day);
        learner.save(folder.resolve("learner"));
      }
      Model model = learner.model(); // one file, no strategy needed
      try (Predictor predictor = model.open(backend)) {
        Prediction prediction = predictor.predict(photo());
        assertThat(prediction.candidates()).hasSize(learner.classes().size());
        assertThat(prediction.best().name()).isIn(SimulatedCore50.OBJECT_NAMES);
      }
    }
    try (Backend backend = Backends.create("auto", BackendOptions.defaults());
        ContinualLearner later = ContinualLearner.load(folder.resolve("learner"), backend)) {
      assertThat(later.days()).isEqualTo(2);
    }
  }
}
