package dev.accrete.cl.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.strategy.TinyStream;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedPartTest {
  private static final ImageSet SOME = TinyStream.images(TinyStream.CLASSES, 12, 1);
  private static final ImageSet OTHERS = TinyStream.images(TinyStream.CLASSES, 12, 2);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 5, 3);

  @TempDir private Path folder;

  private final Backend real = TinyStream.backend();
  private final Counting backend = new Counting(real);

  /** Counts what is compiled. */
  private static final class Counting implements Backend {
    private final Backend target;
    private int compiled;

    Counting(Backend target) {
      this.target = target;
    }

    @Override
    public String name() {
      return target.name();
    }

    @Override
    public String description() {
      return target.description();
    }

    @Override
    public boolean supports(Op op, List<TensorType> inputs) {
      return target.supports(op, inputs);
    }

    @Override
    public Store allocate(Collection<Variable> variables) {
      return target.allocate(variables);
    }

    @Override
    public Plan compile(Graph graph, Store... stores) {
      compiled++;
      return target.compile(graph, stores);
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() {
    real.close();
  }

  private static LearnerConfig config(String strategy) {
    return LearnerConfig.of("small-cnn", SOME.width(), strategy)
        .withWeights(LearnerConfig.WEIGHTS_NONE)
        .withSeed(5);
  }

  private LearnedPart part(LearnerConfig config, ImageSet... days) {
    try (ContinualLearner learner = ContinualLearner.create(config, backend)) {
      for (ImageSet day : days) {
        learner.learn(day);
      }
      return learner.part();
    }
  }

  private List<String> answers(LearnedPart part, LearnerConfig config) {
    try (ContinualLearner learner = ContinualLearner.create(config, backend)) {
      learner.merge(part);
      return learner.predict(TEST);
    }
  }

  @Test
  void partsAreAddedUpWithoutCompilingAnything() {
    LearnerConfig config = config("analytic");
    LearnedPart some = part(config, SOME);
    LearnedPart others = part(config, OTHERS);
    int before = backend.compiled;
    LearnedPart sum = LearnedPart.decode(LearnedPart.sum(List.of(others, some), backend).encode());
    assertThat(backend.compiled).isEqualTo(before);
    assertThat(sum.days()).isEqualTo(2);
    assertThat(sum.classes()).isSorted().containsExactlyInAnyOrderElementsOf(SOME.classNames());
    assertThat(answers(sum, config)).isEqualTo(answers(part(config, SOME, OTHERS), config));
  }

  @Test
  void aLearnerIsMadeLoadedMergedAndSavedWithoutCompilingAnything() {
    for (String strategy : List.of("analytic", "slda")) {
      LearnerConfig config = config(strategy);
      LearnedPart others = part(config, OTHERS);
      Path home = folder.resolve(strategy);
      try (ContinualLearner learner = ContinualLearner.create(config, backend)) {
        learner.learn(SOME);
        learner.save(home);
      }
      int before = backend.compiled;
      try (ContinualLearner learner = ContinualLearner.load(home, backend)) {
        learner.merge(others);
        learner.save(home);
        assertThat(backend.compiled).isEqualTo(before);
        assertThat(learner.predict(TEST)).hasSize(TEST.size());
      }
      assertThat(backend.compiled).isGreaterThan(before);
    }
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    LearnedPart some = part(config("analytic"), SOME);
    assertThatThrownBy(() -> LearnedPart.sum(List.of(some, part(config("slda"), OTHERS)), backend))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("different strategy");
    assertThatThrownBy(() -> LearnedPart.sum(List.of(part(config("naive"), SOME)), backend))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("naive cannot be learned in parts");
    byte[] damaged = some.encode();
    damaged[20] ^= 1;
    assertThatThrownBy(() -> LearnedPart.decode(damaged)).isInstanceOf(AccreteException.class);
  }
}
