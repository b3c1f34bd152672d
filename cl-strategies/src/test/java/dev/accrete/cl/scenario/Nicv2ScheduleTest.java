package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class Nicv2ScheduleTest {
  static Stream<Nicv2Schedule> official() {
    return Nicv2Schedule.OFFICIAL_SIZES.stream()
        .flatMap(
            size ->
                IntStream.range(0, Nicv2Schedule.RUNS)
                    .mapToObj(run -> Nicv2Schedule.official(size, run)));
  }

  @ParameterizedTest
  @MethodSource("official")
  void equalsTheOriginalFile(Nicv2Schedule schedule) throws IOException {
    String file =
        "data/nicv2/nicv2_" + schedule.batches().size() + "_run" + schedule.run() + ".txt";
    List<List<String>> original =
        Files.readAllLines(SharedFiles.require(file)).stream()
            .map(line -> List.of(line.split(" ", -1)))
            .toList();

    assertThat(schedule.batches())
        .map(batch -> batch.stream().map(CoreSequence::toString).toList())
        .isEqualTo(original);
  }

  @ParameterizedTest
  @MethodSource("official")
  void learnsEveryTrainingSequenceOnce(Nicv2Schedule schedule) {
    List<CoreSequence> all = schedule.batches().stream().flatMap(List::stream).toList();

    assertThat(all).hasSize(400).doesNotHaveDuplicates();
    assertThat(all).containsExactlyInAnyOrderElementsOf(CoreFrames.trainSequences());
    assertThat(all).map(CoreSequence::session).containsOnly(1, 2, 4, 5, 6, 8, 9, 11);
  }

  @ParameterizedTest
  @MethodSource("official")
  void beginsWithOneObjectOfEachCategory(Nicv2Schedule schedule) {
    List<CoreSequence> start = schedule.batches().getFirst();

    assertThat(start).hasSize(10).allMatch(sequence -> sequence.session() == 1);
    assertThat(start.stream().map(CoreSequence::category).distinct()).hasSize(10);
    assertThat(start.stream().mapToInt(CoreFrames.official()::size).sum()).isEqualTo(2_999);
  }

  @ParameterizedTest
  @CsvSource({"79, 5", "196, 2", "391, 1"})
  void cutsTheRestInEqualBatches(int size, int sequences) {
    for (int run = 0; run < Nicv2Schedule.RUNS; run++) {
      List<List<CoreSequence>> batches = Nicv2Schedule.official(size, run).batches();
      assertThat(batches).hasSize(size);
      assertThat(batches.subList(1, size)).allMatch(batch -> batch.size() == sequences);
    }
  }

  @Test
  void runsDiffer() {
    Set<List<CoreSequence>> orders = new HashSet<>();
    official().forEach(s -> orders.add(s.batches().stream().flatMap(List::stream).toList()));
    assertThat(orders).hasSize(30);
  }

  @Test
  void namesTheOfficialSizesAndRuns() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Nicv2Schedule.official(100, 0))
        .withMessageContaining("100")
        .withMessageContaining("nicv2-79, -196 or -391");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Nicv2Schedule.official(79, 10))
        .withMessageContaining("run is 10")
        .withMessageContaining("0..9");
  }
}
