package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.NumericalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunLoopTest {
  @TempDir private Path folder;

  /** Stands for a process that dies. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Dies at the n-th thing that happens, whatever it is. */
  private static final class Killer implements RunObserver {
    private int left;

    Killer(int events) {
      left = events;
    }

    private void event() {
      if (left-- == 0) {
        throw new Killed();
      }
    }

    @Override
    public void strategyStarted(String strategy, int done, long[] work) {
      event();
    }

    @Override
    public void training(String strategy, int experience, long done, long total) {
      event();
    }

    @Override
    public void learned(LedgerRow row) {
      event();
    }

    @Override
    public void saved(String strategy, int done) {
      event();
    }

    @Override
    public void recorded(LedgerRow row) {
      event();
    }

    @Override
    public void strategyFinished(Ledger ledger) {
      event();
    }
  }

  private int events() {
    int[] count = {0};
    RunObserver counter =
        new RunObserver() {
          @Override
          public void strategyStarted(String strategy, int done, long[] work) {
            count[0]++;
          }

          @Override
          public void training(String strategy, int experience, long done, long total) {
            count[0]++;
          }

          @Override
          public void learned(LedgerRow row) {
            count[0]++;
          }

          @Override
          public void saved(String strategy, int done) {
            count[0]++;
          }

          @Override
          public void recorded(LedgerRow row) {
            count[0]++;
          }

          @Override
          public void strategyFinished(Ledger ledger) {
            count[0]++;
          }
        };
    TinyRun.run(folder.resolve("whole"), TinyRun.config(), counter);
    return count[0];
  }

  @Test
  void aRunKilledAtAnyEventAndResumedIsTheUninterruptedRun() {
    int events = events();
    assertThat(events).isGreaterThan(100);
    int step = Math.max(1, events / 12);
    for (int at = 0; at < events; at += step) {
      Path killed = folder.resolve("killed-at-" + at);
      Killer killer = new Killer(at);
      assertThatThrownBy(() -> TinyRun.run(killed, TinyRun.config(), killer))
          .isInstanceOf(Killed.class);
      TinyRun.run(killed, TinyRun.config(), RunObserver.NONE);
      assertThat(RunComparison.differences(folder.resolve("whole"), killed))
          .as("killed at event %d of %d", at, events)
          .isEmpty();
    }
  }

  @Test
  void theVectorBackendTooEndsInTheSameBitsAndPeaks() {
    RunConfig vector = TinyRun.config().with(Map.of("backend", "vector", "threads", 2));
    TinyRun.run(folder.resolve("whole"), vector, RunObserver.NONE);
    Path killed = folder.resolve("killed");
    for (int at : new int[] {70, 60, 50}) {
      assertThatThrownBy(() -> TinyRun.run(killed, vector, new Killer(at)))
          .isInstanceOf(Killed.class);
    }
    TinyRun.run(killed, vector.with(Map.of("threads", 1)), RunObserver.NONE);
    assertThat(RunComparison.differences(folder.resolve("whole"), killed)).isEmpty();
  }

  @Test
  void manyKillsOfOneRunLeaveItTheSame() {
    int events = events();
    Path killed = folder.resolve("killed-often");
    boolean finished = false;
    for (int lives = 0; !finished; lives++) {
      assertThat(lives).isLessThan(events);
      try {
        TinyRun.run(killed, TinyRun.config(), new Killer(17 + lives));
        finished = true;
      } catch (Killed expected) {
        assertThat(killed.resolve("config.json")).exists();
      }
    }
    assertThat(RunComparison.differences(folder.resolve("whole"), killed)).isEmpty();
  }

  @Test
  void savingLessOftenChangesNothingButWhatIsRedone() {
    TinyRun.run(folder.resolve("whole"), TinyRun.config(), RunObserver.NONE);
    RunConfig rarely = TinyRun.config().with(Map.of("checkpointEvery", 4));
    Path killed = folder.resolve("rarely");
    assertThatThrownBy(() -> TinyRun.run(killed, rarely, new Killer(60)))
        .isInstanceOf(Killed.class);
    TinyRun.run(killed, rarely, RunObserver.NONE);
    assertThat(RunComparison.differences(folder.resolve("whole"), killed)).isEmpty();
  }

  @Test
  void finishedStrategiesAreNotLearnedAgain() {
    Path run = folder.resolve("run");
    List<Ledger> first = TinyRun.run(run, TinyRun.config(), RunObserver.NONE);
    List<String> learned = new ArrayList<>();
    List<Ledger> second =
        TinyRun.run(
            run,
            TinyRun.config(),
            new RunObserver() {
              @Override
              public void learned(LedgerRow row) {
                learned.add(row.strategy());
              }
            });
    assertThat(learned).isEmpty();
    assertThat(second.getFirst().rows()).isEqualTo(first.getFirst().rows());
  }

  @Test
  void modelsThatAreMissingAreWrittenWhenARunGoesOn() throws IOException {
    Path run = folder.resolve("run");
    TinyRun.run(run, TinyRun.config(), RunObserver.NONE);
    Path model = run.resolve("models/naive.safetensors");
    byte[] before = Files.readAllBytes(model);
    Files.delete(model);
    List<LedgerRow> learned = new ArrayList<>();
    TinyRun.run(
        run,
        TinyRun.config(),
        new RunObserver() {
          @Override
          public void learned(LedgerRow row) {
            learned.add(row);
          }
        });
    assertThat(learned).isEmpty();
    assertThat(model).hasBinaryContent(before);
  }

  @Test
  void aModelThatCannotBeMadeTakesNoOtherStrategyAlong() {
    Path run = folder.resolve("run");
    // A mistaken name of the architecture is refused when the model is made, and only then.
    RunConfig config = TinyRun.config("naive", "slda").with(Map.of("model", "mlp:4"));
    List<Ledger> ledgers = TinyRun.run(run, config, RunObserver.NONE);
    assertThat(ledgers).allMatch(ledger -> ledger.next() == TinyRun.EXPERIENCES);
    assertThat(run.resolve("models")).doesNotExist();
    assertThat(run.resolve("report.html")).exists();
  }

  @Test
  void theLedgerTellsWhatHappened() throws IOException {
    Path run = folder.resolve("run");
    List<Ledger> ledgers = TinyRun.run(run, TinyRun.config(), RunObserver.NONE);
    assertThat(ledgers).extracting(Ledger::strategy).isEqualTo(TinyRun.STRATEGIES);
    for (Ledger ledger : ledgers) {
      assertThat(ledger.rows()).hasSize(TinyRun.EXPERIENCES);
      assertThat(ledger.rows().getLast().classesSeen()).isEqualTo(4);
      assertThat(ledger.rows().getLast().isEvaluated()).isTrue();
      assertThat(ledger.macs()).isPositive();
      assertThat(ledger.confusion()).isPresent();
    }
    Ledger cumulative = ledgers.get(TinyRun.STRATEGIES.indexOf("cumulative"));
    assertThat(cumulative.rows())
        .filteredOn(LedgerRow::isEvaluated)
        .extracting(LedgerRow::experience)
        .containsExactly(0, 2, 5);
    assertThat(Files.readAllLines(run.resolve("batches.csv")))
        .hasSize(1 + TinyRun.EXPERIENCES * TinyRun.STRATEGIES.size());
  }

  @Test
  void aLossOutOfRangeSaysWhereAndKeepsTheCheckpoint() {
    Path run = folder.resolve("run");
    RunConfig config =
        TinyRun.config()
            .with(
                Map.of(
                    "strategies",
                    List.of("naive"),
                    "hyper",
                    Map.of("mini-batch", "4", "later.learning-rate", "1e38")));
    assertThatThrownBy(() -> TinyRun.run(run, config, RunObserver.NONE))
        .isInstanceOf(NumericalException.class)
        .hasMessageContaining("naive, experience 2")
        .hasMessageContaining("learning rate");
    try (RunDirectory directory = RunDirectory.read(run)) {
      Checkpoint kept = directory.checkpoint("naive").orElseThrow();
      assertThat(kept.ledger().next()).isEqualTo(1);
      for (float weight : kept.state().floats("weights")) {
        assertThat(weight).isFinite();
      }
    }
  }

  @Test
  void otherInputsAreRefused() {
    Path run = folder.resolve("run");
    TinyRun.run(run, TinyRun.config(), RunObserver.NONE);
    try (RunDirectory directory = RunDirectory.resume(run);
        RunInputs same = TinyRun.inputs()) {
      RunInputs other =
          new RunInputs(
              same.scenario(),
              same.train(),
              same.test(),
              same.context(),
              "random",
              6,
              "other data");
      RunLoop loop = new RunLoop(TinyRun.config(), directory, other, RunObserver.NONE);
      assertThatThrownBy(loop::run)
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("tiny inputs")
          .hasMessageContaining("other data")
          .hasMessageContaining("--out");
    }
  }

  /** Else it would stand in the report as a strategy that costs nothing. */
  @Test
  void aStrategyThatWouldNeverTrainIsRefused() {
    RunConfig config =
        TinyRun.config("joint").with(Map.of("hyper", Map.of("joint.at", "7,9"), "first", 3));
    assertThatThrownBy(() -> TinyRun.run(folder.resolve("run"), config, RunObserver.NONE))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("joint is to train at experience 7, 9 ")
        .hasMessageContaining("ends after 3")
        .hasMessageContaining("--hyper joint:joint.at=3");
  }

  @Test
  void anUnfinishedCheckpointIsReadOnce() {
    TinyRun.run(folder.resolve("whole"), TinyRun.config(), RunObserver.NONE);
    Path killed = folder.resolve("killed");
    assertThatThrownBy(() -> TinyRun.run(killed, TinyRun.config(), new Killer(40)))
        .isInstanceOf(Killed.class);
    List<Path> read = new ArrayList<>();
    RunObserver takesFilesAway =
        new RunObserver() {
          @Override
          public void strategyStarted(String strategy, int done, long[] work) {
            if (done > 0) {
              read.add(deleteCheckpoint(killed, strategy));
            }
          }
        };
    TinyRun.run(killed, TinyRun.config(), takesFilesAway);
    assertThat(read).as("unfinished at the kill").isNotEmpty();
    assertThat(RunComparison.differences(folder.resolve("whole"), killed)).isEmpty();
  }

  private static Path deleteCheckpoint(Path run, String strategy) {
    try (RunDirectory directory = RunDirectory.read(run)) {
      Path file = directory.checkpoints(strategy).newest().orElseThrow();
      Files.delete(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void settingsMayBeForOneStrategyAlone() {
    RunConfig config =
        TinyRun.config().with(Map.of("hyper", Map.of("mini-batch", "8", "naive:mini-batch", "2")));
    assertThat(setting(config, "naive", "mini-batch")).isEqualTo("2");
    assertThat(setting(config, "ar1-star", "mini-batch")).isEqualTo("8");
    assertThat(setting(config, "cumulative", "cumulative.at")).isEqualTo("1,3,6");
  }

  @Test
  void schedulesFollowTheStreamAndNotThePartThatIsRun() {
    RunConfig config = TinyRun.config();
    assertThat(config.configured(391, 6).getFirst().toMap()).containsEntry("later.r-max", "1.5");
    assertThat(config.configured(6, 6).getFirst().toMap()).containsEntry("later.r-max", "1.25");
  }

  private static String setting(RunConfig config, String strategy, String name) {
    return config.configured(6, 6).stream()
        .filter(s -> s.name().equals(strategy))
        .findFirst()
        .map(s -> s.toMap().get(name))
        .orElseThrow();
  }
}
