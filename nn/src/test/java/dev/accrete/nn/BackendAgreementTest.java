package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SgdSynaptic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two AR1* steps of whole networks change the state on every backend as on the reference. The deep
 * network runs on fixed moments: over the few values per channel of a test, normalization by the
 * mini-batch's own moments blows rounding errors up from layer to layer.
 */
class BackendAgreementTest {
  private static final int MINI_BATCH = 4;
  private static final int STEPS = 2;

  /** What a run leaves behind. */
  private record Outcome(List<Float> losses, List<float[]> changes) {}

  static List<String> backends() {
    return TestBackends.available().stream().filter(name -> !name.equals("reference")).toList();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("backends")
  void trainsADeepNetworkAsTheReferenceDoes(String name) {
    Network network = MobileNetV1.of(0.25, 5, 32);
    compare(train("reference", network, NormKind.FIXED), train(name, network, NormKind.FIXED));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("backends")
  void trainsWithRenormalizationAsTheReferenceDoes(String name) {
    Network network = SmallCnn.of(5, 32);
    compare(train("reference", network, NormKind.RENORM), train(name, network, NormKind.RENORM));
  }

  private static void compare(Outcome expected, Outcome actual) {
    for (int i = 0; i < STEPS; i++) {
      assertThat(actual.losses().get(i)).isCloseTo(expected.losses().get(i), within(1e-4f));
    }
    assertThat(expected.changes().get(0))
        .as("weights change")
        .isNotEqualTo(new float[expected.changes().get(0).length]);
    for (int i = 0; i < expected.changes().size(); i++) {
      double distance = 0;
      double size = 0;
      float[] a = actual.changes().get(i);
      float[] e = expected.changes().get(i);
      for (int j = 0; j < e.length; j++) {
        distance += Math.pow((double) a[j] - e[j], 2);
        size += Math.pow(e[j], 2);
      }
      assertThat(Math.sqrt(distance))
          .as("variable " + i)
          .isLessThanOrEqualTo(1e-3 * Math.sqrt(size));
    }
  }

  private static Outcome train(String name, Network network, NormKind norm) {
    TrainingSpec spec =
        TrainingSpec.builder(network, MINI_BATCH)
            .norm(norm)
            .trainable(p -> p.role() != Role.DEPTHWISE && !p.equals(network.firstConvolution()))
            .multiplier(p -> p.role() == Role.HEAD ? 10 : 1)
            .synaptic(p -> p.role() == Role.CONVOLUTION)
            .penalty(SgdSynaptic.Penalty.GRADIENT_SCALE)
            .build();
    try (Backend backend = Backends.create(name, new BackendOptions(2));
        Learner learner = new Learner(backend, network, Preprocessing.imageNet());
        TrainingStep step = learner.compileTraining(spec)) {
      learner.initialize(network.initialWeights(1), network.initialMoments());
      Variables v = learner.variables();
      float[] importance = new float[network.parameters().size()];
      Arrays.fill(importance, TrainingSpec.IMPORTANCE_MAX / 3);
      learner.restore(v.importance(), importance);
      List<Variable> watched = List.of(v.weights(), v.momentum(), v.trajectory(), v.moments());
      List<float[]> changes = new ArrayList<>();
      watched.forEach(variable -> changes.add(learner.snapshot(variable)));
      SyntheticImages data = new SyntheticImages(network, 6);
      List<Float> losses = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        int[] labels = data.labels(MINI_BATCH);
        int[] augment = {0, 0, 0, 1, 2, -1, 0, -2, 2, 1, 0, 1};
        losses.add(step.run(data.images(labels), labels, augment, 0.001f, 1.5f, 2.5f, 0.99f));
      }
      for (int i = 0; i < watched.size(); i++) {
        float[] after = learner.snapshot(watched.get(i));
        for (int j = 0; j < after.length; j++) {
          changes.get(i)[j] = after[j] - changes.get(i)[j];
        }
      }
      return new Outcome(losses, changes);
    }
  }
}
