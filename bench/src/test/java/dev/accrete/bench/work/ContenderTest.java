package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.bench.own.OwnWorker;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Real processes. */
class ContenderTest {
  private static final Task TASK = task(1);

  private static Task task(int threads) {
    OpWorkload op =
        new OpWorkload(OpWorkload.Pass.FORWARD, 2, 8, 4, 8, 1, 1, 1, false, threads, "reference");
    return new Task(op, new Timing(1, 0, 2));
  }

  @Test
  void twoEnginesTakeTurns() throws IOException, InterruptedException {
    Contender ours = OwnWorker.here();
    List<Measurement> measured = Alternation.here().measure(List.of(ours, ours), TASK);
    assertThat(measured).hasSize(2);
    for (Measurement measurement : measured) {
      assertThat(measurement.engine()).contains("reference");
      assertThat(measurement.runMillis()).hasSize(2).allMatch(millis -> millis > 0);
      assertThat(measurement.firstRunMillis()).isPositive();
    }
    assertThat(measured.getFirst().proof()).isEqualTo(measured.getLast().proof());
  }

  @Test
  void aProcessThatFailsSaysWhy() {
    Contender broken = shell("echo no such engine >&2; exit 7");
    assertThatThrownBy(() -> broken.start(TASK))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("exit code 7")
        .hasMessageContaining("no such engine");
  }

  @Test
  void aProcessThatFailsInItsTurnSaysWhy() throws IOException, InterruptedException {
    Contender broken = shell("echo \"$1\"; read -r word; echo \"asked to $word\" >&2; exit 3");
    try (Session session = broken.start(TASK)) {
      assertThatThrownBy(session::turn)
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("exit code 3")
          .hasMessageContaining("asked to run");
    }
  }

  @Test
  void whatCannotBeStartedLeavesNothingBehind() throws IOException {
    Contender missing = new Contender(List.of("/no/such/program"), List.of("at all"), Map.of());
    long before = temporaryFolders();
    assertThatThrownBy(() -> missing.start(task(2))).isInstanceOf(IOException.class);
    assertThat(temporaryFolders()).isEqualTo(before);
  }

  /** A script whose first argument is what a process says when it is ready. */
  private static Contender shell(String script) {
    return new Contender(List.of("sh", "-c", script, "sh"), List.of(Turns.READY), Map.of());
  }

  private static long temporaryFolders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("accrete-bench"))
          .count();
    }
  }
}
