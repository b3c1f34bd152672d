package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerMomentsTest {
  private static final String S =
      "conv1:mean+std,conv2_1/sep:mean+std,conv2_2/sep:mean+std,conv3_1/sep:mean+std,"
          + "conv3_2/sep:mean+std,conv4_1/sep:mean+std,conv4_2/sep:mean,conv5_2/sep:mean,"
          + "conv5_4/sep:mean,conv6/sep:mean";

  private static String of(String architecture, LayerSet set) {
    return LayerMoments.of(ModelSpec.parse(architecture, 64, 3), set).toString();
  }

  @Test
  void layersAreChosenByDepth() {
    Network mobile = MobileNetV1.of(0.5, 50, 64);
    assertThat(of("mobilenet-v1:0.5", LayerSet.S)).isEqualTo(S);
    assertThat(of("mobilenet-v1:0.5", LayerSet.M))
        .isEqualTo(
            S.replace("conv4_2/sep:mean", "conv4_2/sep:mean+std")
                .replace("conv5_2/sep:mean", "conv5_2/sep:mean+std"));
    assertThat(of("mobilenet-v1:0.5", LayerSet.LAST)).isEqualTo("pool6:mean");
    assertThat(LayerMoments.of(mobile, LayerSet.S).size(mobile)).isEqualTo(2144);
    assertThat(LayerMoments.of(mobile, LayerSet.M).size(mobile)).isEqualTo(2656);
    assertThat(of("small-cnn", LayerSet.S)).isEqualTo("conv1:mean+std,conv2:mean+std,conv3:mean");
    assertThat(of("small-cnn", LayerSet.M))
        .isEqualTo("conv1:mean+std,conv2:mean+std,conv3:mean+std");
    assertThat(of("resnet:8", LayerSet.S))
        .isEqualTo("conv1:mean+std,conv2_1:mean+std,conv3_1:mean,conv4_1:mean");
    assertThat(of("mlp:12", LayerSet.S)).isEqualTo("fc1:mean");
    assertThat(of("caffenet", LayerSet.S))
        .startsWith("conv1:mean+std,conv2:mean+std,conv3:mean+std,conv4:mean,conv5:mean,")
        .endsWith("drop7:mean");
  }

  @Test
  void aTextTellsThem() {
    assertThat(LayerMoments.parse(S).toString()).isEqualTo(S);
    assertThatThrownBy(() -> LayerMoments.parse("conv1:std"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conv1:std");
    assertThatThrownBy(() -> LayerMoments.parse("conv1:mean,conv1:mean"))
        .hasMessageContaining("stands there twice");
    Network small = SmallCnn.of(3, 8);
    assertThatThrownBy(() -> LayerMoments.parse("conv2:mean,conv1:mean").size(small))
        .hasMessageContaining("not in its order, which is ");
    assertThatThrownBy(() -> LayerMoments.parse("conv9:mean").size(small))
        .hasMessageContaining("conv3");
    assertThatThrownBy(() -> LayerMoments.parse("pool:mean+std").size(small))
        .hasMessageContaining("pool:mean");
  }

  @Test
  void aChoiceIsASetOrLayersByName() {
    Network mobile = MobileNetV1.of(0.5, 50, 64);
    for (String text : List.of("s", "m", "last", S, "pool6:mean")) {
      LayerChoice choice = LayerChoice.parse(text);
      assertThat(choice.toString()).isEqualTo(text);
      assertThat(LayerChoice.parse(choice.of(mobile).toString()).of(mobile))
          .isEqualTo(choice.of(mobile));
    }
    assertThat(LayerChoice.parse("S").of(mobile)).isEqualTo(LayerMoments.of(mobile, LayerSet.S));
    assertThatThrownBy(() -> LayerChoice.parse("xl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'xl'");
    LayerChoice foreign = LayerChoice.parse("fc9:mean");
    assertThatThrownBy(() -> foreign.of(mobile))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conv5_4/dw");
  }

  private static byte[] images(int count) {
    Rng rng = Rng.of(8, 0);
    byte[] images = new byte[count * 3 * 64];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) rng.nextInt(256);
    }
    return images;
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "vector"})
  void theyDescribeWhatTheLayersGive(String name) {
    Network network = SmallCnn.of(3, 8);
    Weights weights = Weights.initial(network, 3);
    byte[] images = images(5);
    try (Backend backend = Backends.create(name, new BackendOptions(1));
        Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      learner.initialize(weights.parameters(), weights.moments());
      float[] features = new float[5 * 64];
      Inference inference = learner.compileInference(5);
      inference.run(images, 5, new float[0], features);
      LayerMoments all = LayerMoments.of(network, LayerSet.S);
      MomentInference moments = learner.compileMoments(all, false, 4);
      float[] described = new float[3 * moments.size()];
      moments.run(images, 3, described);
      assertThat(moments.size()).isEqualTo(2 * (16 + 32) + 64);
      for (int i = 0; i < 3; i++) {
        int from = i * moments.size();
        assertThat(Arrays.copyOfRange(described, from + 96, from + 160))
            .containsExactly(Arrays.copyOfRange(features, i * 64, i * 64 + 64), within(1e-5f));
        assertThat(Arrays.copyOfRange(described, from + 16, from + 32))
            .as("deviations")
            .containsExactly(deviations(learner, images, i), within(1e-4f));
      }
      assertThat(moments.macsPerImage()).isLessThan((long) (1.3 * inference.macsPerImage()));
    }
  }

  /** Deviations of conv1 by way of its latents. */
  private static float[] deviations(Learner learner, byte[] images, int image) {
    LatentExtraction lower =
        learner.compileLatentExtraction(learner.network().cutAfter("conv1"), 5);
    lower.run(images, 5);
    float[] latents = new float[16 * 64];
    lower.latents().read(image, latents, 0);
    float[] deviations = new float[16];
    for (int c = 0; c < 16; c++) {
      double mean = 0;
      double square = 0;
      for (int i = c * 64; i < c * 64 + 64; i++) {
        mean += latents[i] / 64;
        square += (double) latents[i] * latents[i] / 64;
      }
      deviations[c] = (float) Math.sqrt(Math.max(0, square - mean * mean));
    }
    return deviations;
  }

  @Test
  void mirroredTheyAreThoseOfBothImages() {
    Network network = SmallCnn.of(3, 8);
    Weights weights = Weights.initial(network, 3);
    byte[] images = images(3);
    byte[] flipped = new byte[images.length];
    for (int i = 0; i < images.length; i++) {
      flipped[i] = images[i / 8 * 8 + 7 - i % 8];
    }
    try (Backend backend = Backends.create("reference", new BackendOptions(1));
        Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      learner.initialize(weights.parameters(), weights.moments());
      LayerMoments all = LayerMoments.of(network, LayerSet.S);
      MomentInference plain = learner.compileMoments(all, false, 3);
      MomentInference mirrored = learner.compileMoments(all, true, 3);
      float[] left = new float[3 * plain.size()];
      float[] right = left.clone();
      float[] both = left.clone();
      plain.run(images, 3, left);
      plain.run(flipped, 3, right);
      mirrored.run(images, 3, both);
      for (int i = 0; i < both.length; i++) {
        assertThat(both[i]).isEqualTo(0.5f * (left[i] + right[i]));
      }
      assertThat(left).isNotEqualTo(right);
      assertThat(mirrored.macsPerImage()).isEqualTo(2 * plain.macsPerImage());
    }
  }
}
