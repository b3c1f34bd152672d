package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run in a process of its own, killed as {@code kill -9} does. */
final class KilledProcessTest {
  private static final int KILLS = 3;

  @TempDir private Path folder;

  /** What the process runs: the tiny run, slowly enough to be hit in the middle. */
  static final class Victim {
    private static final int PAUSE_MILLIS = 5;

    private Victim() {}

    public static void main(String[] args) {
      TinyRun.run(
          Path.of(args[0]),
          TinyRun.config(),
          new RunObserver() {
            @Override
            public void training(String strategy, int experience, long done, long total) {
              pause();
            }
          });
    }

    private static void pause() {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this process", e);
      }
    }
  }

  private Process start(Path run) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            run.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /** Kills the process as soon as {@code rows} rows are written. */
  private void killAfter(Path run, int rows) throws IOException, InterruptedException {
    Process victim = start(run);
    Path csv = run.resolve("batches.csv");
    while (victim.isAlive() && (!Files.exists(csv) || Files.readAllLines(csv).size() <= rows)) {
      Thread.sleep(1);
    }
    victim.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
  }

  @Test
  void killedProcessesLeaveARunThatEndsInTheSameBits() throws IOException, InterruptedException {
    TinyRun.run(folder.resolve("whole"), TinyRun.config(), RunObserver.NONE);
    Path killed = folder.resolve("killed");
    for (int kill = 1; kill <= KILLS; kill++) {
      killAfter(killed, 5 * kill);
      assertThat(killed.resolve("summary.json"))
          .as("killed before its end; its output: " + Files.readString(folder.resolve("log")))
          .doesNotExist();
    }
    List<Ledger> ledgers = TinyRun.run(killed, TinyRun.config(), RunObserver.NONE);
    assertThat(ledgers.getLast().next()).isEqualTo(TinyRun.EXPERIENCES);
    assertThat(RunComparison.differences(folder.resolve("whole"), killed)).isEmpty();
  }

  @Test
  void aComparisonSeesADifference() throws IOException {
    TinyRun.run(folder.resolve("a"), TinyRun.config(), RunObserver.NONE);
    RunConfig other =
        TinyRun.config()
            .with(Map.of("hyper", Map.of("mini-batch", "5", "cumulative.max-epochs", "2")));
    TinyRun.run(folder.resolve("b"), other, RunObserver.NONE);
    assertThat(RunComparison.differences(folder.resolve("a"), folder.resolve("b")))
        .anyMatch(line -> line.startsWith("state of ar1-star"))
        .anyMatch(line -> line.startsWith("batches.csv, line"));
  }
}
