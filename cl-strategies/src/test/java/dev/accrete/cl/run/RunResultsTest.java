package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.strategy.Cost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunResultsTest {
  private static final RunConfig CONFIG = TinyRun.config("naive");

  @TempDir private Path folder;

  /** A run in a process of its own. */
  static final class Headless {
    private Headless() {}

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
                Headless.class.getName(),
                run.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("DISPLAY", ":99");
    Process process = builder.start();
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
    Files.move(run.resolve("report.html"), folder.resolve("out of the way"));
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

  @Test
  void whatWasNeverTestedHasNoAccuracy() throws IOException {
    Ledger ledger = new Ledger("naive");
    for (int i = 0; i < TinyRun.EXPERIENCES; i++) {
      Cost cost = new Cost(1000, 0.5, 100, 8, 4, 2);
      ledger.add(
          new LedgerRow("naive", i, 4, 1, 1, Double.NaN, List.of(), cost),
          Optional.empty(),
          new int[] {0});
    }
    try (RunDirectory directory = RunDirectory.create(folder.resolve("run"));
        RunInputs inputs = TinyRun.inputs()) {
      Summary summary = RunResults.write(CONFIG, directory, inputs, List.of(ledger));
      assertThat(summary.strategies().values())
          .extracting(Summary.Result::finalAccuracy)
          .containsExactly(OptionalDouble.empty());
      assertThat(Files.readString(directory.summary()))
          .doesNotContain("finalAccuracy", "averageAccuracy", "forgetting", "worstFall", "NaN");
      assertThat(Files.readString(directory.report()))
          .contains("was not tested")
          .doesNotContain("NaN", ">0.0%");
    }
  }
}
