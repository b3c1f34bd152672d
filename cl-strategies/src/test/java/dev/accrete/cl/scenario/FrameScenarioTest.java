package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.accrete.cl.data.FrameKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameScenarioTest {
  private static FrameScenario nicv2(int size, int run, CoreOptions options) {
    return Scenarios.parse("nicv2-" + size).overCore50(options, run);
  }

  private static void assertEveryFrameOnce(FrameScenario scenario) {
    int[] images =
        scenario.batches().stream().flatMapToInt(e -> Arrays.stream(e.images())).toArray();
    assertThat(images).hasSize(scenario.trainFrames().size()).doesNotHaveDuplicates();
    assertThat(Arrays.stream(images).max()).hasValue(images.length - 1);
    assertThat(scenario.trainFrames()).doesNotHaveDuplicates();
  }

  @Test
  void fullProtocolHasThePublishedSizes() {
    FrameScenario scenario = nicv2(391, 0, CoreOptions.STANDARD);

    assertThat(scenario.batches()).hasSize(391);
    assertThat(scenario.trainFrames()).hasSize(119_894);
    assertThat(scenario.batches().getFirst().size()).isEqualTo(2_999);
    assertThat(scenario.batches().getFirst().classes())
        .containsExactly(0, 5, 10, 15, 20, 25, 30, 35, 40, 45);
    assertThat(scenario.batches().get(1).classes()).containsExactly(20); // s2/o21
    assertThat(scenario.testFrames()).hasSize(2_249);
    assertThat(scenario.classes()).isEqualTo(50);
    assertEveryFrameOnce(scenario);
  }

  @Test
  void experiencesHoldTheirSequencesFrameByFrame() {
    FrameScenario scenario = nicv2(79, 4, CoreOptions.DEMO);
    for (Batch experience : scenario.batches()) {
      List<FrameKey> expected =
          scenario.sequences().get(experience.index()).stream()
              .flatMap(s -> CoreFrames.official().frames(s, 10).stream())
              .toList();
      assertThat(Arrays.stream(experience.images()).mapToObj(scenario.trainFrames()::get))
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void trainingFramesAreTheSameForEveryRunAndScenario() {
    List<FrameKey> frames = nicv2(391, 0, CoreOptions.DEMO).trainFrames();

    assertThat(nicv2(79, 7, CoreOptions.DEMO).trainFrames()).isEqualTo(frames);
    assertThat(Scenarios.parse("ni:8").overCore50(CoreOptions.DEMO, 1).trainFrames())
        .isEqualTo(frames);
  }

  @Test
  void testGroupsAreSessionsUnderBothScorings() {
    for (Scoring scoring : Scoring.values()) {
      FrameScenario scenario = nicv2(79, 0, CoreOptions.STANDARD.withScoring(scoring));
      int[] test = scenario.test();
      assertThat(test).hasSize(scoring == Scoring.ONCE ? 2_249 : 2_300);
      assertThat(scenario.groups()).containsExactly("session 3", "session 7", "session 10");
      for (int i = 0; i < test.length; i++) {
        assertThat(scenario.groups().get(scenario.testGroups()[i]))
            .isEqualTo("session " + scenario.testFrames().get(test[i]).session());
      }
    }
  }

  @Test
  void demoTestsEverySequence() {
    FrameScenario scenario = nicv2(391, 0, CoreOptions.DEMO);
    Set<List<Integer>> sequences = new HashSet<>();
    scenario.testFrames().forEach(f -> sequences.add(List.of(f.session(), f.object())));

    assertThat(scenario.testFrames()).hasSize(450);
    assertThat(sequences).hasSize(150);
    assertThat(scenario.trainFrames()).hasSize(12_000);
  }

  @Test
  void aPrefixUsesOnlyItsOwnFrames() {
    FrameScenario prefix = nicv2(391, 0, CoreOptions.DEMO).first(3);

    assertThat(prefix.batches()).hasSize(3);
    assertThat(prefix.trainFrames()).hasSize(12 * 30);
    assertThat(prefix.testFrames()).hasSize(450);
    assertEveryFrameOnce(prefix);
    assertThat(prefix.first(1000).batches()).hasSize(3);
    assertThatIllegalArgumentException().isThrownBy(() -> prefix.first(0));
  }

  @Test
  void newClassesBringWholeObjects() {
    FrameScenario scenario = Scenarios.parse("nc:10:5").overCore50(CoreOptions.DEMO, 2);

    assertThat(scenario.batches()).hasSize(9);
    assertThat(scenario.batches().getFirst().classes()).hasSize(10);
    assertThat(scenario.batches().stream().flatMapToInt(e -> Arrays.stream(e.classes())))
        .hasSize(50)
        .doesNotHaveDuplicates();
    assertEveryFrameOnce(scenario);
  }

  @Test
  void newInstancesBringWholeSessions() {
    FrameScenario scenario = Scenarios.parse("ni:8").overCore50(CoreOptions.DEMO, 2);

    assertThat(scenario.batches()).hasSize(8);
    for (List<CoreSequence> batch : scenario.sequences()) {
      assertThat(batch.stream().map(CoreSequence::session).distinct()).hasSize(1);
      assertThat(batch).hasSize(50);
    }
    assertEveryFrameOnce(scenario);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scenarios.parse("ni:9").overCore50(CoreOptions.DEMO, 0))
        .withMessageContaining("ni:8 or fewer");
  }

  @Test
  void learningASequenceTwiceIsRefused() {
    CoreSequence sequence = new CoreSequence(1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FrameScenario.of(
                    "mine", 0, List.of(List.of(sequence), List.of(sequence)), CoreOptions.DEMO))
        .withMessageContaining("s1/o1 twice");
  }

  @Test
  void stepsMustBePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoreOptions.STANDARD.withFramesEvery(0))
        .withMessageContaining("framesEvery is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoreOptions.STANDARD.withTestEvery(-1))
        .withMessageContaining("testEvery is -1");
  }
}
