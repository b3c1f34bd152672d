package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CutTest {
  private static final int IMAGES = 6;
  private static final int SIZE = 32;
  private static final int CLASSES = 5;

  private final Network network = MobileNetV1.of(0.25, CLASSES, SIZE);
  private final Backend backend = Backends.create(Backends.AUTO, BackendOptions.defaults());

  @AfterEach
  void close() {
    backend.close();
  }

  private Learner learner() {
    Learner learner = new Learner(backend, network, Preprocessing.imageNet());
    learner.initialize(network.initialWeights(1), network.initialMoments());
    return learner;
  }

  private static byte[] images() {
    byte[] pixels = new byte[IMAGES * 3 * SIZE * SIZE];
    Rng rng = Rng.of(2, 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rng.nextInt(256);
    }
    return pixels;
  }

  @Test
  void latentsHaveTheShapeOfTheirLayer() {
    assertThat(network.cutAfter("conv1").latent()).isEqualTo(Shape.of(8, 16, 16));
    assertThat(network.cutAfter("conv5_4/dw").latent()).isEqualTo(Shape.of(128, 2, 2));
    assertThat(network.cutBelowHead().latent()).isEqualTo(Shape.of(256));
  }

  @Test
  void parametersAreAboveOrBelow() {
    Cut cut = network.cutAfter("conv5_4/dw");
    assertThat(cut.isAbove(network.parameters().get("conv5_4/dw.gamma"))).isFalse();
    assertThat(cut.isAbove(network.parameters().get("conv5_4/sep.weight"))).isTrue();
    assertThat(cut.isAbove(network.head())).isTrue();
    assertThat(network.parameters().all().stream().filter(network.cutBelowHead()::isAbove))
        .containsExactly(network.head());
  }

  @Test
  void anUnknownLayerIsNamed() {
    assertThatThrownBy(() -> network.cutAfter("fc7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'fc7'")
        .hasMessageContaining("conv5_4/dw");
  }

  /** Frozen below and with fixed moments, a step on images and a step on latents are the same. */
  @Test
  void trainingOnLatentsIsTrainingOnImagesWithALowerPartThatIsFrozen() {
    Cut cut = network.cutAfter("conv5_1/sep");
    TrainingSpec spec =
        TrainingSpec.builder(network, IMAGES).norm(NormKind.FIXED).trainable(cut::isAbove).build();
    int[] labels = {0, 1, 2, 3, 4, -1};
    float[] onImages;
    float imageLoss;
    long imageMacs;
    try (Learner learner = learner();
        TrainingStep step = learner.compileTraining(spec)) {
      imageLoss = step.run(images(), labels, new int[3 * IMAGES], 0.1f, 1, 0, 1);
      imageMacs = step.macs();
      onImages = learner.snapshot(learner.variables().weights());
    }
    try (Learner learner = learner();
        LatentExtraction lower = learner.compileLatentExtraction(cut, IMAGES);
        LatentTraining upper = learner.compileLatentTraining(cut, spec, List.of(lower.latents()))) {
      lower.run(images(), IMAGES);
      float loss = upper.run(new int[] {0, 1, 2, 3, 4, 5}, labels, 0.1f, 1, 0, 1);
      assertThat(loss).isCloseTo(imageLoss, within(1e-5f));
      assertThat(upper.macs()).isEqualTo(imageMacs - lower.macsPerImage() * IMAGES);
      float[] onLatents = learner.snapshot(learner.variables().weights());
      float[] start = network.initialWeights(1);
      double moved = 0;
      for (Parameter parameter : network.parameters().all()) {
        for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
          assertThat(onLatents[i]).as(parameter.name()).isCloseTo(onImages[i], within(1e-5f));
          moved = Math.max(moved, Math.abs(onLatents[i] - start[i]));
        }
      }
      assertThat(moved).isGreaterThan(1e-3);
    }
  }
}
