package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunResultsTest {
  private static final RunConfig CONFIG =
      TinyRun.config().with(Map.of("strategies", List.of("naive")));

  @TempDir private Path folder;

  /** A run in a process of its own. */
  static final class Process {
    private Process() {}

    public static void main(String[] args) {
      TinyRun.run(Path.of(args[0]), CONFIG, RunObserver.NONE);
    }
  }

  @Test
  void aReportNeedsNeitherADisplayNorAFolderForTemporaryFiles()
      throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder.resolve("missing"),
                "-cp",
                System.getProperty("java.class.path"),
                Process.class.getName(),
                run.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("DISPLAY", ":99");
    java.lang.Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(run.resolve("report.html")))
        .as(Files.readString(log))
        .contains("data:image/jpeg;base64,");
  }

  @Test
  void aReportThatFailsTakesNothingWithItAndIsMadeAgain() throws IOException {
    Path run = folder.resolve("run");
    Path inTheWay = run.resolve("report.html/in/the/way");
    RunObserver blocks =
        new RunObserver() {
          @Override
          public void strategyFinished(Ledger ledger) {
            try {
              Files.createDirectories(inTheWay);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    List<Ledger> ledgers = TinyRun.run(run, CONFIG, blocks);
    assertThat(ledgers.getFirst().next()).isEqualTo(TinyRun.EXPERIENCES);
    assertThat(run.resolve("summary.json")).isRegularFile();
    for (Path gone = inTheWay; !gone.equals(run); gone = gone.getParent()) {
      Files.delete(gone);
    }
    List<String> learned = new ArrayList<>();
    RunObserver counts =
        new RunObserver() {
          @Override
          public void learned(LedgerRow row) {
            learned.add(row.strategy());
          }
        };
    TinyRun.run(run, CONFIG, counts);
    assertThat(learned).isEmpty();
    assertThat(run.resolve("report.html")).isRegularFile();
  }
}
