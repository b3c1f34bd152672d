package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
  private static final Task TASK =
      new Task(new TrainingWorkload(1, 32, 4, 1, "auto"), new Timing(3, 0, 5));

  @TempDir private Path folder;

  /** An engine whose loss changes by the same amount with every step. */
  private static class FakeEngine implements Engine {
    private final float change;
    private float loss = 4;
    private int verified;
    private int runs;
    private long millis;

    FakeEngine(float change) {
      this.change = change;
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public long parameters() {
      return 7;
    }

    @Override
    public long macs() {
      return 11;
    }

    @Override
    public long bytes() {
      return 13;
    }

    @Override
    public List<String> remarks() {
      return List.of("not real");
    }

    @Override
    public double run() {
      sleep(millis);
      runs++;
      float before = loss;
      loss += change;
      return before;
    }

    private static void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void verify() {
      verified++;
    }

    @Override
    public List<List<Double>> proof() {
      return List.of(List.of(1.5, -2.0));
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void writeTask() throws IOException {
    new ObjectMapper().writeValue(folder.resolve("in").toFile(), TASK);
  }

  private Measurement run(Engine engine) throws IOException {
    String[] arguments = {
      folder.resolve("in").toString(),
      folder.resolve("out").toString(),
      Long.toString(System.currentTimeMillis() - 60_000)
    };
    Worker.run(
        arguments,
        workload -> {
          assertThat(workload).isEqualTo(TASK.workload());
          return engine;
        },
        turns(5));
    return new ObjectMapper().readValue(folder.resolve("out").toFile(), Measurement.class);
  }

  private static Turns turns(int count) {
    String answers = (Turns.RUN + "\n").repeat(count) + Turns.STOP + "\n";
    return new Turns(
        new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  @Test
  void countsTheRunsAfterTheWarmUp() throws IOException {
    FakeEngine engine = new FakeEngine(-0.25f);
    engine.millis = 60;
    Measurement measurement = run(engine);
    assertThat(measurement.runMillis()).hasSize(5);
    assertThat(measurement.first()).isEqualTo(4);
    // 3 runs of warm-up, then 5 that count: the last began after 7 updates.
    assertThat(measurement.last()).isEqualTo(4 - 7 * 0.25);
    assertThat(measurement.parameters()).isEqualTo(7);
    assertThat(measurement.macs()).isEqualTo(11);
    assertThat(measurement.heldBytes()).isEqualTo(13);
    assertThat(measurement.remarks()).containsExactly("not real");
    assertThat(measurement.proof()).containsExactly(List.of(1.5, -2.0));
    assertThat(engine.verified).isEqualTo(1);
  }

  @Test
  void shortRunsFollowOthersThatRefillTheCaches() throws IOException {
    FakeEngine engine = new FakeEngine(-0.25f);
    engine.millis = 20;
    assertThat(run(engine).runMillis()).hasSize(5);
    assertThat(engine.runs).isBetween(3 + 5 * (1 + 1), 3 + 5 * (1 + 3));
  }

  @Test
  void countsTheFirstRunFromTheLaunchOfTheProcess() throws IOException {
    assertThat(run(new FakeEngine(-1)).firstRunMillis()).isGreaterThanOrEqualTo(60_000);
  }

  @Test
  void refusesToTimeAnEngineThatDoesNotLearn() {
    assertThatThrownBy(() -> run(new FakeEngine(0)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("fake did not learn")
        .hasMessageContaining("4.0000");
    assertThat(Files.exists(folder.resolve("out"))).isFalse();
  }

  @Test
  void refusesANetworkThatDoesNotGuessAtFirst() {
    FakeEngine trained = new FakeEngine(-0.1f);
    trained.loss = 0.5f;
    assertThatThrownBy(() -> run(trained))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("0.5000 where guessing gives 3.9120");
  }

  @Test
  void refusesALossThatIsNoNumber() {
    assertThatThrownBy(() -> run(new FakeEngine(Float.NaN)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("NaN");
  }
}
