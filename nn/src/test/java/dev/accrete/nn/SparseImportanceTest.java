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
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.SparseImportance.Criterion;
import dev.accrete.nn.SparseImportance.Grouping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Importance of chosen weights, beside the dense one. */
class SparseImportanceTest {
  private static final int MINI_BATCH = 4;
  private static final float MAX = TrainingSpec.IMPORTANCE_MAX;
  private static final Network NETWORK = Mlp.of(4, Shape.of(3, 8, 8), 16, 24);

  private static boolean linear(Parameter parameter) {
    return parameter.role() == Role.LINEAR;
  }

  private static SparseImportance sparse(double density, Criterion criterion, Penalty penalty) {
    return new SparseImportance(
        density,
        Grouping.GLOBAL,
        criterion,
        SparseImportanceTest::linear,
        penalty == Penalty.QUADRATIC,
        5);
  }

  static Stream<Arguments> everywhere() {
    return TestBackends.available().stream()
        .flatMap(
            backend ->
                Stream.of(Penalty.GRADIENT_SCALE, Penalty.QUADRATIC)
                    .map(penalty -> Arguments.of(backend, penalty)));
  }

  /** A learner after some experiences of two steps each, on a backend of its own. */
  private static final class Trained implements AutoCloseable {
    final Backend backend;
    final Learner learner;
    double retained;

    Trained(String name, int threads, Penalty penalty, Optional<SparseImportance> sparse) {
      backend = Backends.create(name, new BackendOptions(threads));
      learner = new Learner(backend, NETWORK, Preprocessing.imageNet(), sparse);
      learner.initialize(NETWORK.initialWeights(1), NETWORK.initialMoments());
      if (penalty == Penalty.QUADRATIC) {
        learner.anchor();
      }
      try (TrainingStep step = learner.compileTraining(spec(penalty))) {
        for (int experience = 0; experience < 3; experience++) {
          train(step, experience);
          retained =
              learner.updateImportanceMeasuring(0.5f, 1e-7f, MAX, SparseImportanceTest::linear);
          if (penalty == Penalty.QUADRATIC) {
            learner.anchor();
          }
        }
      }
    }

    private static TrainingSpec spec(Penalty penalty) {
      return TrainingSpec.builder(NETWORK, MINI_BATCH)
          .synaptic(SparseImportanceTest::linear)
          .penalty(penalty)
          .strength(1e3f)
          .build();
    }

    private void train(TrainingStep step, int experience) {
      learner.beginExperience();
      learner.resetMomentum();
      SyntheticImages data = new SyntheticImages(NETWORK, experience);
      for (int i = 0; i < 2; i++) {
        int[] labels = data.labels(MINI_BATCH);
        step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.01f, 1, 0, 0.9f);
      }
    }

    float[] weights() {
      return learner.snapshot(learner.variables().weights());
    }

    SparseVariables sparse() {
      return learner.variables().sparse().orElseThrow();
    }

    int[] bits() {
      return learner.store().readInts(sparse().bits());
    }

    float[] cumulative() {
      return learner.snapshot(sparse().cumulative());
    }

    @Override
    public void close() {
      learner.close();
      backend.close();
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void measuringChangesNothing(String name, Penalty penalty) {
    List<List<float[]>> states = new ArrayList<>();
    for (boolean measured : new boolean[] {true, false}) {
      Optional<SparseImportance> sparse = Optional.of(sparse(0.3, Criterion.TOP, penalty));
      try (Backend backend = Backends.create(name, new BackendOptions(1));
          Learner learner = new Learner(backend, NETWORK, Preprocessing.imageNet(), sparse)) {
        learner.initialize(NETWORK.initialWeights(1), NETWORK.initialMoments());
        learner.beginExperience();
        try (TrainingStep step = learner.compileTraining(Trained.spec(penalty))) {
          SyntheticImages data = new SyntheticImages(NETWORK, 0);
          int[] labels = data.labels(MINI_BATCH);
          step.run(data.images(labels), labels, new int[3 * MINI_BATCH], 0.01f, 1, 0, 0.9f);
        }
        if (measured) {
          learner.updateImportanceMeasuring(0.5f, 1e-7f, MAX, SparseImportanceTest::linear);
        } else {
          learner.updateImportance(0.5f, 1e-7f, MAX, SparseImportanceTest::linear);
        }
        Variables v = learner.variables();
        states.add(
            List.of(
                learner.snapshot(v.weights()),
                learner.snapshot(v.momentum()),
                learner.snapshot(v.sparse().orElseThrow().cumulative())));
        assertThat(learner.snapshot(v.momentum())).containsOnly(0);
      }
    }
    assertThat(states.get(1)).usingRecursiveComparison().isEqualTo(states.get(0));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void withEveryWeightChosenTrainingGivesTheBitsOfDenseImportance(String name, Penalty penalty) {
    for (Grouping grouping : Grouping.values()) {
      SparseImportance all =
          new SparseImportance(
              1,
              grouping,
              Criterion.TOP,
              SparseImportanceTest::linear,
              penalty == Penalty.QUADRATIC,
              0);
      try (Trained dense = new Trained(name, 2, penalty, Optional.empty());
          Trained sparse = new Trained(name, 2, penalty, Optional.of(all))) {
        assertThat(Arrays.equals(sparse.weights(), dense.weights())).isTrue();
        assertThat(sparse.retained).isCloseTo(1, within(1e-12));
        float[] paths = dense.learner.snapshot(dense.learner.variables().cumulative());
        int next = 0;
        for (Parameter parameter : NETWORK.parameters().all()) {
          for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
            assertThat(Selection.contains(sparse.bits(), i)).isEqualTo(linear(parameter));
            if (linear(parameter)) {
              assertThat(sparse.cumulative()[next++]).isEqualTo(paths[i]);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void theNumberOfThreadsChangesNothing(String name, Penalty penalty) {
    SparseImportance some = sparse(0.3, Criterion.TOP, penalty);
    try (Trained one = new Trained(name, 1, penalty, Optional.of(some));
        Trained three = new Trained(name, 3, penalty, Optional.of(some));
        Trained dense = new Trained(name, 1, penalty, Optional.empty())) {
      assertThat(three.weights()).isEqualTo(one.weights()).isNotEqualTo(dense.weights());
      assertThat(three.bits()).isEqualTo(one.bits());
      assertThat(three.cumulative()).isEqualTo(one.cumulative());
      assertThat(three.retained).isEqualTo(one.retained);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void choosesWhatIsAskedForAndKeepsMostOfTheImportance(String name, Penalty penalty) {
    int candidates =
        NETWORK.parameters().all().stream()
            .filter(SparseImportanceTest::linear)
            .mapToInt(Parameter::size)
            .sum();
    Map<Criterion, Double> retained = new EnumMap<>(Criterion.class);
    for (Criterion criterion : Criterion.values()) {
      try (Trained trained =
          new Trained(name, 1, penalty, Optional.of(sparse(0.2, criterion, penalty)))) {
        assertThat(Selection.count(trained.bits()))
            .isEqualTo(trained.sparse().count())
            .isEqualTo(Math.round(0.2f * candidates));
        assertThat(trained.learner.store().readInts(trained.sparse().before()))
            .isEqualTo(Selection.before(trained.bits()));
        retained.put(criterion, trained.retained);
        assertThat(trained.learner.snapshot(trained.learner.variables().momentum()))
            .containsOnly(0);
        assertThat(trained.learner.snapshot(trained.learner.variables().gradients()))
            .containsOnly(0);
      }
    }
    assertThat(retained.get(Criterion.TOP))
        .isGreaterThan(retained.get(Criterion.RANDOM))
        .isGreaterThan(retained.get(Criterion.MAGNITUDE))
        .isBetween(0.2, 1.0);
    assertThat(retained.get(Criterion.RANDOM)).isBetween(0.0, 0.5);
  }

  @Test
  void layersKeepTheSameShareEach() {
    SparseImportance perLayer =
        new SparseImportance(
            0.25, Grouping.LAYER, Criterion.TOP, SparseImportanceTest::linear, false, 0);
    try (Trained trained =
        new Trained("reference", 1, Penalty.GRADIENT_SCALE, Optional.of(perLayer))) {
      int[] bits = trained.bits();
      for (Parameter parameter : NETWORK.parameters().all()) {
        int chosen = 0;
        for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
          chosen += Selection.contains(bits, i) ? 1 : 0;
        }
        assertThat(chosen)
            .as(parameter.name())
            .isEqualTo(linear(parameter) ? Math.round(0.25f * parameter.size()) : 0);
      }
    }
  }

  @Test
  void theRandomChoiceIsMadeOnceAndDependsOnTheSeed() {
    Optional<SparseImportance> lots =
        Optional.of(sparse(0.2, Criterion.RANDOM, Penalty.GRADIENT_SCALE));
    Optional<SparseImportance> others =
        Optional.of(
            new SparseImportance(
                0.2, Grouping.GLOBAL, Criterion.RANDOM, SparseImportanceTest::linear, false, 6));
    try (Backend backend = TestBackends.reference();
        Learner fresh = new Learner(backend, NETWORK, Preprocessing.imageNet(), lots);
        Trained trained = new Trained("reference", 1, Penalty.GRADIENT_SCALE, lots);
        Trained other = new Trained("reference", 1, Penalty.GRADIENT_SCALE, others)) {
      fresh.initialize(NETWORK.initialWeights(1), NETWORK.initialMoments());
      int[] bits = fresh.store().readInts(fresh.variables().sparse().orElseThrow().bits());
      assertThat(trained.bits()).isEqualTo(bits);
      assertThat(other.bits()).isNotEqualTo(bits);
    }
  }

  @Test
  void lessIsHeldTheFewerWeightsAreChosen() {
    try (Backend backend = TestBackends.reference()) {
      long weights = NETWORK.parameters().size();
      long candidates =
          NETWORK.parameters().all().stream()
              .filter(SparseImportanceTest::linear)
              .mapToLong(Parameter::size)
              .sum();
      long dense = bytes(backend, Optional.empty());
      for (double density : new double[] {1, 0.5, 0.1}) {
        long held =
            bytes(backend, Optional.of(sparse(density, Criterion.TOP, Penalty.GRADIENT_SCALE)));
        long bitmap = 4L * (Selection.words((int) weights) + Selection.blocks((int) weights));
        assertThat(dense - held)
            .isEqualTo(12 * weights - bitmap - 4 * Math.round(density * candidates));
      }
    }
  }

  private static long bytes(Backend backend, Optional<SparseImportance> sparse) {
    try (Learner learner = new Learner(backend, NETWORK, Preprocessing.imageNet(), sparse)) {
      return learner.bytes();
    }
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> sparse(0, Criterion.TOP, Penalty.GRADIENT_SCALE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("density");
    SparseImportance nobody =
        new SparseImportance(0.5, Grouping.GLOBAL, Criterion.TOP, p -> false, false, 0);
    SparseImportance bare = sparse(0.5, Criterion.TOP, Penalty.GRADIENT_SCALE);
    try (Backend backend = TestBackends.reference();
        Learner learner =
            new Learner(backend, NETWORK, Preprocessing.imageNet(), Optional.of(bare))) {
      assertThatThrownBy(
              () ->
                  new Learner(backend, NETWORK, Preprocessing.imageNet(), Optional.of(nobody))
                      .close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("candidates");
      assertThatThrownBy(learner::anchor)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("anchors");
      assertThatThrownBy(() -> learner.compileTraining(Trained.spec(Penalty.QUADRATIC)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("anchors");
    }
  }
}
