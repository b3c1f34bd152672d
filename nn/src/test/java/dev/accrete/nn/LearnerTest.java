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
import dev.accrete.core.Variable;
import dev.accrete.core.op.ConsolidateHead;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations on the flat state, against the formulas of the papers in double precision. */
class LearnerTest {
  private static final int CLASSES = 3;
  private static final int FEATURES = 2;
  private final Network network = Mlp.of(CLASSES, Shape.of(3, 2, 2), FEATURES);

  static List<String> backends() {
    return TestBackends.available();
  }

  private void with(String name, Consumer<Learner> body) {
    try (Backend backend = Backends.create(name, new BackendOptions(1));
        Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      learner.initialize(network.initialWeights(1), network.initialMoments());
      body.accept(learner);
    }
  }

  private float[] head(Learner learner) {
    Parameter head = network.head();
    return Arrays.copyOfRange(
        learner.snapshot(learner.variables().weights()),
        head.offset(),
        head.offset() + head.size());
  }

  private void setHead(Learner learner, float... rows) {
    learner
        .store()
        .write(learner.variables().weights(), network.head().offset(), rows, 0, rows.length);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void loadsRowsOfThePresentClassesAlone(String name) {
    with(
        name,
        learner -> {
          float[] before = learner.snapshot(learner.variables().weights());
          learner.restore(learner.variables().bank(), new float[] {1, 2, 3, 4, 5, 6});
          learner.loadHead(new float[] {1, 0, 7});
          assertThat(head(learner)).containsExactly(1, 2, 0, 0, 5, 6);
          learner.useBank();
          assertThat(head(learner)).containsExactly(1, 2, 3, 4, 5, 6);
          int below = network.head().offset();
          assertThat(Arrays.copyOf(learner.snapshot(learner.variables().weights()), below))
              .isEqualTo(Arrays.copyOf(before, below));
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void consolidatesAsCwrStarDoes(String name) {
    with(
        name,
        learner -> {
          setHead(learner, 2, 4, 9, 9, 6, 0);
          learner.restore(learner.variables().bank(), new float[] {10, 20, 30, 40, 50, 60});
          learner.restore(learner.variables().past(), new float[] {400, 5, 0});
          learner.consolidateHead(ConsolidateHead.Rule.CWR_STAR, new float[] {100, 0, 50});
          // Rows 0 and 2 are present; the mean of their four weights is 3. Class 0: sqrt(4) = 2.
          assertThat(learner.snapshot(learner.variables().bank()))
              .containsExactly(
                  new float[] {(10 * 2 - 1) / 3f, (20 * 2 + 1) / 3f, 30, 40, 3, -3}, within(1e-5f));
          assertThat(learner.snapshot(learner.variables().past())).containsExactly(500, 5, 50);
          assertThat(head(learner)).containsExactly(2, 4, 9, 9, 6, 0);
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void consolidatesAsCwrPlusDoes(String name) {
    with(
        name,
        learner -> {
          setHead(learner, 2, 4, 9, 9, 6, 0);
          learner.restore(learner.variables().bank(), new float[] {10, 20, 30, 40, 50, 60});
          learner.consolidateHead(ConsolidateHead.Rule.CWR_PLUS, new float[] {1, 0, 1});
          assertThat(learner.snapshot(learner.variables().bank()))
              .containsExactly(new float[] {-1, 1, 30, 40, 3, -3}, within(1e-6f));
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void turnsThePathIntoImportance(String name) {
    Parameter hidden = network.parameters().get("fc1.weight");
    int at = hidden.offset();
    with(
        name,
        learner -> {
          Variables v = learner.variables();
          float[] start = learner.snapshot(v.weights());
          learner.beginExperience();
          assertThat(learner.snapshot(v.start())).isEqualTo(start);
          float[] end = start.clone();
          end[at] += 0.1f;
          end[at + 1] -= 0.2f;
          learner.restore(v.weights(), end);
          float[] trajectory = new float[start.length];
          trajectory[at] = -2e-6f;
          trajectory[at + 1] = 3e-6f;
          trajectory[at + 2] = -1e-9f;
          trajectory[network.head().offset()] = -1;
          learner.restore(v.trajectory(), trajectory);
          learner.updateImportance(0.5f, 1e-7f, 0.001f, p -> p.role() == Role.LINEAR);
          float[] importance = learner.snapshot(v.importance());
          double moved = (double) end[at] - start[at];
          assertThat((double) importance[at])
              .isCloseTo(0.5 * 2e-6 / (moved * moved + 1e-7), within(1e-9));
          assertThat(importance[at + 1]).as("a harmful step has no importance").isZero();
          assertThat(importance[at + 2]).as("clamped").isEqualTo(0.001f);
          assertThat(importance[network.head().offset()]).as("head").isZero();
          assertThat(learner.snapshot(v.trajectory())).containsOnly(0);
          assertThat(learner.snapshot(v.start())).isEqualTo(end);
          assertThat((double) learner.snapshot(v.cumulative())[at])
              .isCloseTo(-importance[at], within(1e-9));
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void anchorsAndMomentumFollowTheirOrders(String name) {
    with(
        name,
        learner -> {
          Variables v = learner.variables();
          float[] ones = new float[network.parameters().size()];
          Arrays.fill(ones, 1);
          learner.restore(v.momentum(), ones);
          learner.resetMomentum();
          assertThat(learner.snapshot(v.momentum())).containsOnly(0);
          learner.anchor();
          assertThat(learner.snapshot(v.anchors())).isEqualTo(learner.snapshot(v.weights()));
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyVariableSurvivesSnapshotAndRestore(String name) {
    with(
        name,
        learner -> {
          int seed = 0;
          for (Variable variable : learner.variables().all()) {
            float[] values = new float[variable.type().shape().size()];
            Arrays.fill(values, ++seed);
            learner.restore(variable, values);
          }
          seed = 0;
          for (Variable variable : learner.variables().all()) {
            assertThat(learner.snapshot(variable)).containsOnly(++seed);
          }
          assertThatThrownBy(() -> learner.restore(learner.variables().past(), new float[2]))
              .hasMessageContaining("3");
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void trainsTheHeadAlone(String name) {
    with(
        name,
        learner -> {
          setHead(learner, 1, 0, 0, 1, 0.5f, 0.5f);
          float[] before = learner.snapshot(learner.variables().weights());
          TrainingSpec spec =
              TrainingSpec.builder(network, 2)
                  .weightDecay(0.1f)
                  .multiplier(p -> 10)
                  .momentum(0.9f, false)
                  .build();
          float[] features = {1, 2, -1, 0.5f};
          int[] labels = {2, -1};
          Cut cut = network.cutBelowHead();
          LatentBank bank =
              learner.allocateLatents("features", cut.latent(), 2, LatentBank.Storage.F32);
          bank.write(0, features, 0);
          bank.write(1, features, FEATURES);
          try (LatentTraining training = learner.compileLatentTraining(cut, spec, List.of(bank))) {
            float loss = training.run(new int[] {0, 1}, labels, 0.01f, 1, 0, 1);
            // Logits of the only labelled row: 1, 2, 1.5.
            double[] exp = {Math.exp(1), Math.exp(2), Math.exp(1.5)};
            double sum = exp[0] + exp[1] + exp[2];
            assertThat((double) loss).isCloseTo(-Math.log(exp[2] / sum), within(1e-6));
            float[] after = head(learner);
            for (int c = 0; c < CLASSES; c++) {
              for (int d = 0; d < FEATURES; d++) {
                int i = c * FEATURES + d;
                double w = before[network.head().offset() + i];
                double gradient = (exp[c] / sum - (c == 2 ? 1 : 0)) * features[d];
                assertThat((double) after[i])
                    .isCloseTo(w - 0.01 * 10 * (gradient + 0.1 * w), within(1e-6));
              }
            }
            assertThat(training.macs()).isEqualTo(2 * 2 * CLASSES * FEATURES);
          }
          int below = network.head().offset();
          assertThat(Arrays.copyOf(learner.snapshot(learner.variables().weights()), below))
              .isEqualTo(Arrays.copyOf(before, below));
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void inferenceGivesFeaturesThatTheHeadTurnsIntoLogits(String name) {
    with(
        name,
        learner -> {
          setHead(learner, 1, 0, 0, 1, 1, -1);
          SyntheticImages data = new SyntheticImages(network, 4);
          byte[] images = data.images(new int[] {0, 1, 2});
          float[] logits = new float[3 * CLASSES];
          float[] features = new float[3 * FEATURES];
          try (Inference inference = learner.compileInference(4)) {
            inference.run(images, 3, logits, features);
            for (int row = 0; row < 3; row++) {
              float a = features[row * 2];
              float b = features[row * 2 + 1];
              assertThat(Arrays.copyOfRange(logits, row * 3, row * 3 + 3))
                  .containsExactly(new float[] {a, b, a - b}, within(1e-5f));
            }
            float[] again = new float[3];
            inference.run(Arrays.copyOfRange(images, 12, 24), 1, again);
            assertThat(again).isEqualTo(Arrays.copyOfRange(logits, 3, 6));
            assertThatThrownBy(() -> inference.run(images, 5, logits))
                .hasMessageContaining("1 to 4");
            assertThatThrownBy(() -> inference.run(images, 3, again))
                .hasMessageContaining("logits need 9");
          }
        });
  }
}
