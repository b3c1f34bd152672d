package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.accrete.cl.data.FrameKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CoreFramesTest {
  private static final CoreFrames FRAMES = CoreFrames.official();

  @Test
  void equalsTheOriginalTable() throws IOException {
    List<String> table = new ArrayList<>(List.of("session\tobject\tfirst_frame\tlast_frame"));
    Stream.concat(CoreFrames.trainSequences().stream(), CoreFrames.testSequences().stream())
        .sorted()
        .map(
            s ->
                s.session()
                    + "\t"
                    + s.object()
                    + "\t"
                    + FRAMES.first(s)
                    + "\t"
                    + CoreFrames.LAST_FRAME)
        .forEach(table::add);

    assertThat(table).isEqualTo(Files.readAllLines(SharedFiles.require("data/nicv2/frames.tsv")));
  }

  @Test
  void countsTheFramesOfBothSets() {
    assertThat(CoreFrames.trainSequences().stream().mapToInt(FRAMES::size).sum())
        .isEqualTo(119_894);
    assertThat(TestFrames.full().frames()).hasSize(44_972).doesNotHaveDuplicates();
    assertThat(TestFrames.published(Scoring.ONCE).frames()).hasSize(2_249);
  }

  @Test
  void testListIsOrderedByObjectName() {
    List<FrameKey> full = TestFrames.full().frames();

    assertThat(full.stream().map(f -> List.of(f.session(), f.object())).distinct().limit(13))
        .containsExactly(
            List.of(3, 1),
            List.of(3, 10),
            List.of(3, 11),
            List.of(3, 12),
            List.of(3, 13),
            List.of(3, 14),
            List.of(3, 15),
            List.of(3, 16),
            List.of(3, 17),
            List.of(3, 18),
            List.of(3, 19),
            List.of(3, 2),
            List.of(3, 20));
    assertThat(full.stream().map(FrameKey::session).distinct()).containsExactly(3, 7, 10);
    assertThat(full.getFirst()).isEqualTo(new FrameKey(3, 1, 1));
    assertThat(full.getLast()).isEqualTo(new FrameKey(10, 9, 299));
  }

  @Test
  void publishedSetIsEveryTwentiethLine() {
    List<FrameKey> full = TestFrames.full().frames();
    List<FrameKey> published = TestFrames.published(Scoring.ONCE).frames();
    for (int i = 0; i < published.size(); i++) {
      assertThat(published.get(i)).isEqualTo(full.get(20 * i));
    }
  }

  @Test
  void publishedScoringCountsTheFirst51Twice() {
    TestFrames published = TestFrames.published(Scoring.PUBLISHED);
    int[] positions = Scoring.PUBLISHED.positions(published.frames().size());

    assertThat(published.scored()).isEqualTo(2_300);
    assertThat(positions).hasSize(2_300);
    for (int i = 0; i < 2_300; i++) {
      assertThat(positions[i]).isEqualTo(i < 2_249 ? i : i - 2_249);
    }
    assertThat(TestFrames.published(Scoring.ONCE).scored()).isEqualTo(2_249);
    assertThat(Scoring.PUBLISHED.positions(200)).hasSize(200);
    assertThat(Scoring.PUBLISHED.positions(3)).hasSize(100).startsWith(0, 1, 2, 0, 1);
    assertThat(Scoring.PUBLISHED.positions(0)).isEmpty();
  }

  @Test
  void everyKthFrameBeginsWithTheFirst() {
    CoreSequence late = new CoreSequence(5, 17);
    assertThat(FRAMES.first(late)).isEqualTo(7);
    assertThat(FRAMES.frames(late, 100)).map(FrameKey::frame).containsExactly(7, 107, 207);
    assertThat(FRAMES.frames(late, 1)).hasSize(293);
    assertThat(FRAMES.frames(late, 1000)).hasSize(1);
    assertThatIllegalArgumentException().isThrownBy(() -> FRAMES.frames(late, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> FRAMES.test(0));
  }

  @Test
  void sequencesReadTheirOwnText() {
    for (CoreSequence sequence : CoreFrames.trainSequences()) {
      assertThat(CoreSequence.parse(sequence.toString())).contains(sequence);
    }
    assertThat(CoreSequence.parse("s0/o1")).isEmpty();
    assertThat(CoreSequence.parse("s1/o100")).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new CoreSequence(12, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new CoreSequence(1, 0));
  }
}
