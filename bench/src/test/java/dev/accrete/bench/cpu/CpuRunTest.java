package dev.accrete.bench.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.bench.peer.Search;
import dev.accrete.bench.work.FakeSession;
import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.Measurer;
import dev.accrete.bench.work.PeakWorkload;
import dev.accrete.bench.work.Task;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CpuRunTest {
  private static final CpuSuite SUITE = CpuSuite.full(List.of(2)).matching("train-");
  private static final String FIRST = SUITE.names().getFirst();
  private static final String SECOND = SUITE.names().getLast();

  private final List<String> order = new ArrayList<>();

  private Measurer measurer(String engine, double millis) {
    return task -> {
      if (!(task.workload() instanceof PeakWorkload)) {
        order.add(engine + " " + task.workload().name());
      }
      return new FakeSession(Samples.measurement(engine, 1, sameMillis(task, millis)));
    };
  }

  /** As many as the process could have been asked for. */
  private static double[] sameMillis(Task task, double millis) {
    double[] all = new double[2 * task.timing().runs()];
    Arrays.fill(all, millis);
    return all;
  }

  private static Measurer failing(String name, Measurer otherwise) {
    return task -> {
      if (task.workload().name().equals(name)) {
        throw new AccreteException("out of luck");
      }
      return otherwise.start(task);
    };
  }

  private CpuRun run(Measurer own, CpuRun.Finder peers, int rounds)
      throws IOException, InterruptedException {
    CpuRun run = new CpuRun(SUITE, "test", rounds, own, peers, (entry, round, line, soFar) -> {});
    run.run();
    return run;
  }

  private static Search found(Measurer peer) {
    return Search.found(peer, List.of());
  }

  @Test
  void measuresRoundByRound() throws IOException, InterruptedException {
    CpuRun run = run(measurer("ours", 10), work -> found(measurer("peer", 20)), 2);
    assertThat(order)
        .containsExactly(
            "ours " + FIRST,
            "peer " + FIRST,
            "ours " + SECOND,
            "peer " + SECOND,
            "ours " + FIRST,
            "peer " + FIRST,
            "ours " + SECOND,
            "peer " + SECOND);
    CpuReport report = run.report();
    assertThat(report.cases()).hasSize(2);
    CpuCase one = report.cases().getFirst();
    assertThat(one.peer().orElseThrow().ratio()).isEqualTo(2);
    assertThat(one.rounds()).hasSize(2);
    // The limit was measured by the same fake: the case reaches all of it.
    assertThat(one.limitShare()).isEqualTo(1);
    assertThat(report.limits()).containsOnlyKeys(2);
    assertThat(run.hasFailed()).isFalse();
  }

  @Test
  void aMissingPeerIsNotedOnceAndTheCaseRuns() throws IOException, InterruptedException {
    CpuRun run = run(measurer("ours", 10), work -> Search.missing("no peer here; install it"), 1);
    assertThat(run.report().cases()).hasSize(2).allMatch(one -> one.peer().isEmpty());
    assertThat(run.report().notes()).containsExactly("no peer here; install it");
    assertThat(run.hasFailed()).isFalse();
  }

  @Test
  void aPeerThatFailsLeavesItsCaseAlone() throws IOException, InterruptedException {
    Measurer peer = failing(FIRST, measurer("peer", 20));
    CpuRun run = run(measurer("ours", 10), work -> found(peer), 2);
    CpuReport report = run.report();
    assertThat(report.cases().getFirst().peer()).isEmpty();
    assertThat(report.cases().getFirst().rounds()).hasSize(2);
    assertThat(report.cases().getLast().peer()).isPresent();
    assertThat(report.notes())
        .singleElement()
        .asString()
        .contains(FIRST)
        .contains("without its peer")
        .contains("out of luck");
  }

  @Test
  void aCaseOfOursThatFailsIsLeftOutAndNoted() throws IOException, InterruptedException {
    Measurer own = failing(FIRST, measurer("ours", 10));
    CpuRun run = run(own, work -> found(measurer("peer", 20)), 2);
    assertThat(run.report().cases()).singleElement().matches(one -> one.name().equals(SECOND));
    assertThat(run.report().notes()).singleElement().asString().contains("left out");
    assertThat(run.hasFailed()).isTrue();
  }

  @Test
  void otherWorkIsNoComparison() throws IOException, InterruptedException {
    Measurer own = proving(1);
    Measurer peer = proving(2);
    CpuRun run = run(own, work -> new Search(Optional.of(peer), List.of()), 1);
    assertThat(run.hasFailed()).isTrue();
    assertThat(run.report().notes()).allMatch(note -> note.contains("not the same work"));
  }

  private static Measurer proving(double number) {
    return (Task task) ->
        new FakeSession(
            new Measurement(
                "engine " + number,
                List.of(),
                0,
                1,
                Arrays.stream(sameMillis(task, 1)).boxed().toList(),
                1,
                1,
                1,
                0,
                0,
                List.of(List.of(number)),
                0,
                0,
                0));
  }
}
