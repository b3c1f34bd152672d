package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.layer.Dropout;
import dev.accrete.nn.layer.Flatten;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingStepTest {
  private static final int MINI_BATCH = 8;

  static List<String> backends() {
    return TestBackends.available();
  }

  static Stream<String> networks() {
    return Stream.of("cnn", "mlp");
  }

  private static Network network(String kind) {
    return kind.equals("cnn") ? SmallCnn.of(4, 8) : Mlp.of(4, Shape.of(3, 8, 8), 16);
  }

  private static Learner learner(Backend backend, Network network) {
    Learner learner = new Learner(backend, network, Preprocessing.imageNet());
    learner.initialize(network.initialWeights(1), network.initialMoments());
    return learner;
  }

  private static double accuracy(Learner learner, SyntheticImages data) {
    int[] labels = data.labels(64);
    byte[] images = data.images(labels);
    float[] logits = new float[labels.length * learner.network().classes()];
    try (Inference inference = learner.compileInference(labels.length)) {
      inference.run(images, labels.length, logits);
    }
    int right = 0;
    int classes = learner.network().classes();
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (logits[i * classes + c] > logits[i * classes + best]) {
          best = c;
        }
      }
      right += best == labels[i] ? 1 : 0;
    }
    return right / (double) labels.length;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void learnsATask(String kind) {
    Network network = network(kind);
    try (Backend backend = TestBackends.best();
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(
                TrainingSpec.builder(network, MINI_BATCH).norm(NormKind.RENORM).build())) {
      SyntheticImages data = new SyntheticImages(network, 1);
      float first = 0;
      float last = 0;
      for (int i = 0; i < 60; i++) {
        int[] labels = data.labels(MINI_BATCH);
        float loss =
            step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.02f, 3, 5, 0.8f);
        first = i == 0 ? loss : first;
        last = loss;
      }
      assertThat(last).isLessThan(first / 4);
      assertThat(accuracy(learner, data)).isGreaterThan(0.95);
    }
  }

  @ParameterizedTest
  @EnumSource(NormKind.class)
  void frozenParametersKeepEveryBit(NormKind norm) {
    Network network = SmallCnn.of(4, 8);
    Parameter frozenWeight = network.parameters().get("conv2.weight");
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(
                TrainingSpec.builder(network, MINI_BATCH)
                    .norm(norm)
                    .trainable(p -> p.role() != Role.NORM_SCALE && !p.equals(frozenWeight))
                    .synaptic(p -> true)
                    .build())) {
      float[] before = learner.snapshot(learner.variables().weights());
      float[] moments = learner.snapshot(learner.variables().moments());
      SyntheticImages data = new SyntheticImages(network, 1);
      for (int i = 0; i < 2; i++) {
        int[] labels = data.labels(MINI_BATCH);
        step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.1f, 2, 1, 0.5f);
      }
      float[] after = learner.snapshot(learner.variables().weights());
      float[] momentum = learner.snapshot(learner.variables().momentum());
      float[] trajectory = learner.snapshot(learner.variables().trajectory());
      for (Parameter p : network.parameters().all()) {
        boolean frozen = p.role() == Role.NORM_SCALE || p.equals(frozenWeight);
        int from = p.offset();
        int to = from + p.size();
        assertThat(Arrays.equals(before, from, to, after, from, to)).as(p.name()).isEqualTo(frozen);
        float[] zeros = new float[p.size()];
        assertThat(Arrays.equals(momentum, from, to, zeros, 0, p.size())).isEqualTo(frozen);
        assertThat(Arrays.equals(trajectory, from, to, zeros, 0, p.size())).isEqualTo(frozen);
      }
      assertThat(Arrays.equals(moments, learner.snapshot(learner.variables().moments())))
          .isEqualTo(norm == NormKind.FIXED);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void paddingBetweenParametersStaysZero(String name) {
    Network network = SmallCnn.of(5, 8);
    try (Backend backend = Backends.create(name, new BackendOptions(2));
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(
                TrainingSpec.builder(network, MINI_BATCH).weightDecay(p -> 0.1).build())) {
      SyntheticImages data = new SyntheticImages(network, 1);
      int[] labels = data.labels(MINI_BATCH);
      step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.1f, 1, 0, 0.9f);
      boolean[] used = new boolean[network.parameters().size()];
      network
          .parameters()
          .all()
          .forEach(p -> Arrays.fill(used, p.offset(), p.offset() + p.size(), true));
      float[] weights = learner.snapshot(learner.variables().weights());
      for (int i = 0; i < used.length; i++) {
        if (!used[i]) {
          assertThat(weights[i]).isZero();
        }
      }
    }
  }

  /** r = 1 and d = 0 make renormalization plain batch normalization. */
  @Test
  void batchNormIsRenormWithClosedLimits() {
    Network network = SmallCnn.of(4, 8);
    assertThat(oneStep(network, NormKind.BATCH, 3, 5))
        .isEqualTo(oneStep(network, NormKind.RENORM, 1, 0));
    assertThat(oneStep(network, NormKind.BATCH, 3, 5))
        .isNotEqualTo(oneStep(network, NormKind.RENORM, 3, 5));
  }

  private static float[] oneStep(Network network, NormKind norm, float rMax, float dMax) {
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(TrainingSpec.builder(network, MINI_BATCH).norm(norm).build())) {
      SyntheticImages data = new SyntheticImages(network, 1);
      int[] labels = data.labels(MINI_BATCH);
      step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.1f, rMax, dMax, 0.9f);
      return learner.snapshot(learner.variables().weights());
    }
  }

  @Test
  void rowsWithoutLabelTakeNoPart() {
    Network network = Mlp.of(4, Shape.of(3, 8, 8), 16);
    float[][] weights = new float[2][];
    for (int variant = 0; variant < 2; variant++) {
      try (Backend backend = TestBackends.reference();
          Learner learner = learner(backend, network);
          TrainingStep step =
              learner.compileTraining(TrainingSpec.builder(network, MINI_BATCH).build())) {
        SyntheticImages data = new SyntheticImages(network, 1);
        int[] labels = data.labels(MINI_BATCH);
        byte[] images = data.images(labels);
        labels[3] = -1;
        int size = images.length / MINI_BATCH;
        Arrays.fill(images, 3 * size, 4 * size, (byte) (100 * variant));
        step.run(images, labels, new int[3 * MINI_BATCH], 0.1f, 1, 0, 0.9f);
        weights[variant] = learner.snapshot(learner.variables().weights());
      }
    }
    assertThat(weights[0]).isEqualTo(weights[1]);
  }

  @Test
  void anExplosionIsAnErrorThatNamesStepAndRemedy() {
    Network network = Mlp.of(4, Shape.of(3, 8, 8), 16);
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(TrainingSpec.builder(network, MINI_BATCH).build())) {
      SyntheticImages data = new SyntheticImages(network, 1);
      int[] labels = data.labels(MINI_BATCH);
      byte[] images = data.images(labels);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  step.run(images, labels, new int[3 * MINI_BATCH], 1e30f, 1, 0, 0.9f);
                }
              })
          .isInstanceOf(NumericalException.class)
          .hasMessageContaining("in step")
          .hasMessageContaining("learning rate 1.0E30")
          .hasMessageContaining("checkpoint");
    }
  }

  @Test
  void badArgumentsAreNamed() {
    Network network = Mlp.of(4, Shape.of(3, 8, 8), 16);
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        TrainingStep step = learner.compileTraining(TrainingSpec.builder(network, 2).build())) {
      byte[] images = new byte[2 * 3 * 64];
      int[] augment = new int[6];
      assertThatThrownBy(() -> step.run(images, new int[] {0, 4}, augment, 0.1f, 1, 0, 0.9f))
          .hasMessageContaining("label 4 of row 1")
          .hasMessageContaining("0 to 3");
      assertThatThrownBy(() -> step.run(images, new int[3], augment, 0.1f, 1, 0, 0.9f))
          .hasMessageContaining("got 3");
      assertThatThrownBy(() -> step.run(images, new int[2], augment, 0.1f, 0.5f, 0, 0.9f))
          .hasMessageContaining("rMax >= 1");
      assertThatThrownBy(() -> step.run(new byte[5], new int[2], augment, 0.1f, 1, 0, 0.9f))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Learner(backend, network, Preprocessing.centred(1)).close())
          .hasMessageContaining("3 channels");
    }
  }

  @Test
  void countsMultiplyAccumulatesOfForwardAndBackward() {
    Network network = Mlp.of(4, Shape.of(3, 8, 8), 16);
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        Inference inference = learner.compileInference(2);
        TrainingStep all = learner.compileTraining(TrainingSpec.builder(network, 2).build());
        TrainingStep head =
            learner.compileTraining(
                TrainingSpec.builder(network, 2).trainable(p -> p.role() == Role.HEAD).build())) {
      long hidden = 3 * 8 * 8 * 16;
      long top = 16 * 4;
      assertThat(inference.macsPerImage()).isEqualTo(hidden + top);
      // Images need no gradient; a frozen layer below the trained ones needs none at all.
      assertThat(all.macs()).isEqualTo(2 * (2 * hidden + 3 * top));
      assertThat(head.macs()).isEqualTo(2 * (hidden + 2 * top));
      assertThat(learner.bytes())
          .isGreaterThanOrEqualTo(learner.store().bytes() + all.bytes() + head.bytes());
    }
  }

  @Test
  void importanceScalesGradientsOfSynapticParameters() {
    Network network = Mlp.of(4, Shape.of(3, 8, 8), 16);
    Parameter hidden = network.parameters().get("fc1.weight");
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(
                TrainingSpec.builder(network, MINI_BATCH)
                    .weightDecay(0.01f)
                    .synaptic(p -> p.role() == Role.LINEAR)
                    .penalty(SgdSynaptic.Penalty.GRADIENT_SCALE)
                    .build())) {
      float[] importance = new float[network.parameters().size()];
      importance[hidden.offset()] = TrainingSpec.IMPORTANCE_MAX;
      importance[hidden.offset() + 1] = TrainingSpec.IMPORTANCE_MAX / 4;
      learner.restore(learner.variables().importance(), importance);
      float[] before = learner.snapshot(learner.variables().weights());
      SyntheticImages data = new SyntheticImages(network, 1);
      int[] labels = data.labels(MINI_BATCH);
      step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.1f, 1, 0, 0.9f);
      float[] after = learner.snapshot(learner.variables().weights());
      float[] gradients = learner.snapshot(learner.variables().gradients());
      int at = hidden.offset();
      assertThat(after[at]).isEqualTo(before[at]);
      double scaled = 0.1 * (gradients[at + 1] + 0.01 * before[at + 1]) * 0.75;
      assertThat((double) after[at + 1]).isCloseTo(before[at + 1] - scaled, within(1e-6));
      double free = 0.1 * (gradients[at + 2] + 0.01 * before[at + 2]);
      assertThat((double) after[at + 2]).isCloseTo(before[at + 2] - free, within(1e-6));
      float[] trajectory = learner.snapshot(learner.variables().trajectory());
      assertThat((double) trajectory[at + 2])
          .isCloseTo(gradients[at + 2] * ((double) after[at + 2] - before[at + 2]), within(1e-8));
    }
  }

  private static Network withDropout() {
    return Network.of(
        "dropout",
        Shape.of(3, 8, 8),
        List.of(new Flatten("flatten"), new Dropout("drop", 0.5f)),
        "head",
        4);
  }

  @Test
  void dropoutDrawsMasks() {
    float[] first = oneStep(withDropout(), NormKind.FIXED, 1, 0);
    assertThat(oneStep(withDropout(), NormKind.FIXED, 1, 0)).isEqualTo(first);
    Network without =
        Network.of("plain", Shape.of(3, 8, 8), List.of(new Flatten("flatten")), "head", 4);
    assertThat(oneStep(without, NormKind.FIXED, 1, 0)).isNotEqualTo(first);
  }

  /** The losses of steps on one and the same mini-batch, at a learning rate of 0. */
  private static List<Float> losses(long seed, long from, int steps) {
    List<Float> losses = new ArrayList<>();
    Network network = withDropout();
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        TrainingStep step =
            learner.compileTraining(
                TrainingSpec.builder(network, MINI_BATCH).norm(NormKind.FIXED).build())) {
      SyntheticImages data = new SyntheticImages(network, 1);
      int[] labels = data.labels(MINI_BATCH);
      byte[] images = data.images(labels);
      step.drawDropout(seed, from);
      for (int i = 0; i < steps; i++) {
        losses.add(step.run(images, labels, new int[3 * MINI_BATCH], 0, 1, 0, 0.9f));
      }
    }
    return losses;
  }

  @Test
  void dropoutMasksFollowFromSeedAndStepAlone() {
    List<Float> whole = losses(5, 70, 6);
    assertThat(whole).doesNotHaveDuplicates();
    assertThat(losses(5, 73, 3)).isEqualTo(whole.subList(3, 6));
    assertThat(losses(6, 70, 6)).doesNotContainAnyElementsOf(whole);
    assertThat(losses(5, 70L << 32, 6)).doesNotContainAnyElementsOf(whole);
  }

  @Test
  void largerImagesAreCropped() {
    Network network = Mlp.of(4, Shape.of(3, 8, 8), 16);
    try (Backend backend = TestBackends.reference();
        Learner learner = learner(backend, network);
        Inference plain = learner.compileInference(1);
        Inference cropping = learner.compileInference(1, 12, 10)) {
      SyntheticImages data = new SyntheticImages(network, 1);
      byte[] small = data.images(new int[] {2});
      byte[] large = new byte[3 * 12 * 10];
      for (int c = 0; c < 3; c++) {
        for (int row = 0; row < 8; row++) {
          System.arraycopy(small, (c * 8 + row) * 8, large, (c * 12 + row + 2) * 10 + 1, 8);
        }
      }
      float[] expected = new float[4];
      float[] actual = new float[4];
      plain.run(small, 1, expected);
      cropping.run(large, 1, actual);
      assertThat(actual).isEqualTo(expected);
    }
  }
}
