package dev.accrete.cl.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.strategy.TinyStream;
import dev.accrete.core.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a learner keeps account of: which images it knows, how often, and which it has to keep. */
class LearnedTwiceTest {
  private static final ImageSet ALL = TinyStream.images(TinyStream.CLASSES, 12, 1);

  @TempDir private Path folder;

  private final Backend backend = TinyStream.backend();

  private static ImageSet some(int from, int count) {
    return ALL.subset(IntStream.range(from, from + count).toArray());
  }

  private ContinualLearner create(String strategy, Map<String, String> settings) {
    return ContinualLearner.create(
        LearnerConfig.of("small-cnn", TinyStream.SIDE, strategy)
            .withSettings(settings)
            .withHorizon(9),
        backend);
  }

  @Test
  void partOfADayIsNotTheDay() {
    try (ContinualLearner learner = create("analytic", Map.of())) {
      assertThat(learner.known(some(0, 24))).isZero();
      learner.learn(some(0, 24));
      assertThat(learner.hasLearned(some(0, 24))).isTrue();
      learner.forget(some(4, 8));
      assertThat(learner.hasLearned(some(0, 24))).isFalse();
      assertThat(learner.known(some(0, 24))).isEqualTo(16);
      assertThat(learner.known(some(20, 10))).isEqualTo(4);
      assertThat(learner.known(ALL.subset(new int[] {0, 0, 1}))).as("listed twice").isEqualTo(2);
      learner.forget(some(0, 4));
      learner.forget(some(12, 12));
      assertThat(learner.hasLearned(some(0, 24))).isFalse();
      assertThat(learner.canPredict()).isFalse();
    }
  }

  @Test
  void whatWasLearnedTwiceIsKnownUntilItIsForgottenTwice() {
    try (ContinualLearner learner = create("slda", Map.of())) {
      learner.learn(some(0, 24));
      learner.learn(some(12, 24));
      learner.forget(some(12, 12));
      assertThat(learner.known(some(12, 12))).isEqualTo(12);
      assertThat(learner.hasLearned(some(12, 24))).isTrue();
      learner.forget(some(12, 12));
      assertThat(learner.known(some(12, 12))).isZero();
      assertThat(learner.hasLearned(some(12, 24))).isFalse();
    }
  }

  @Test
  void imagesGoWhenNothingWillAskForThemAgain() throws IOException {
    Map<String, String> quick = Map.of("body.at", "2", "body.epochs", "1");
    for (int day = 0; day < 3; day++) {
      try (ContinualLearner learner =
          day == 0 ? create("tuned-analytic", quick) : ContinualLearner.load(folder, backend)) {
        learner.learn(some(24 * day, 24));
        learner.save(folder);
      }
      Path days = folder.resolve("days");
      try (Stream<Path> files = Files.list(days)) {
        assertThat(files).as("after day %d", day + 1).hasSize(day == 0 ? 1 : 0);
      }
    }
  }

  /** As a process leaves them that was killed before it removed them. */
  @Test
  void imagesThatWereLeftBehindGoTheNextTime() throws IOException {
    Map<String, String> quick = Map.of("body.at", "1,2", "body.epochs", "1");
    try (ContinualLearner learner = create("tuned-analytic", quick)) {
      learner.learn(some(0, 24));
      learner.save(folder);
      Path days = folder.resolve("days");
      Files.copy(days.resolve("00001.safetensors"), days.resolve("00002.safetensors"));
      Files.copy(days.resolve("00001.safetensors"), days.resolve("00003.safetensors"));
      learner.learn(some(24, 24));
      learner.save(folder);
      try (Stream<Path> files = Files.list(days)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void aStrategyThatWaitsHasNoModelUntilItTrained() {
    Map<String, String> quick = Map.of("joint.at", "2", "joint.max-epochs", "1");
    try (ContinualLearner learner = create("joint", quick)) {
      learner.learn(some(0, 24));
      assertThat(learner.canPredict()).isFalse();
      assertThatThrownBy(learner::model)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing is known");
      learner.learn(some(24, 24));
      assertThat(learner.canPredict()).isTrue();
      learner.learn(some(48, 24));
      assertThat(learner.model().classes()).hasSize(4);
    }
  }

  @Test
  void learnersThatDifferInSpeedAloneAreMerged() {
    try (ContinualLearner one = create("analytic", Map.of("inference-batch", "8"));
        ContinualLearner other = create("analytic", Map.of())) {
      one.learn(some(0, 24));
      other.learn(some(24, 24));
      one.merge(other);
      assertThat(one.images()).isEqualTo(48);
      assertThat(List.copyOf(one.model().classes())).hasSize(4);
    }
  }
}
