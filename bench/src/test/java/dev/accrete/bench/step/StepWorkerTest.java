package dev.accrete.bench.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepWorkerTest {
  private static final StepWorkload WORKLOAD = new StepWorkload(1, 32, 4, 1, "auto", 3, 0, 5);

  @TempDir private Path folder;

  /** An engine whose loss changes by the same amount with every step. */
  private static final class FakeEngine implements SteppedEngine {
    private final float change;
    private float loss = 4;

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
    public float step() {
      float before = loss;
      loss += change;
      return before;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void writeWorkload() throws IOException {
    new ObjectMapper().writeValue(folder.resolve("in").toFile(), WORKLOAD);
  }

  private StepMeasurement run(float change) throws IOException {
    String[] arguments = {
      folder.resolve("in").toString(),
      folder.resolve("out").toString(),
      Long.toString(System.currentTimeMillis() - 60_000)
    };
    StepWorker.run(arguments, workload -> new FakeEngine(change));
    return new ObjectMapper().readValue(folder.resolve("out").toFile(), StepMeasurement.class);
  }

  @Test
  void countsTheStepsAfterTheWarmUp() throws IOException {
    StepMeasurement measurement = run(-0.25f);
    assertThat(measurement.stepMillis()).hasSize(5).allMatch(millis -> millis >= 0);
    assertThat(measurement.firstLoss()).isEqualTo(4f);
    // 3 steps of warm-up, then 5 that count: the last began after 7 updates.
    assertThat(measurement.lastLoss()).isEqualTo(4f - 7 * 0.25f);
    assertThat(measurement.parameters()).isEqualTo(7);
    assertThat(measurement.macs()).isEqualTo(11);
    assertThat(measurement.heldBytes()).isEqualTo(13);
    assertThat(measurement.remarks()).containsExactly("not real");
  }

  @Test
  void countsTheFirstStepFromTheLaunchOfTheProcess() throws IOException {
    assertThat(run(-1).firstStepMillis()).isGreaterThanOrEqualTo(60_000);
  }

  @Test
  void refusesToTimeAnEngineThatDoesNotLearn() {
    assertThatThrownBy(() -> run(0))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("fake did not learn")
        .hasMessageContaining("4.0000");
    assertThat(Files.exists(folder.resolve("out"))).isFalse();
  }

  @Test
  void refusesALossThatIsNoNumber() {
    assertThatThrownBy(() -> run(Float.NaN))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("NaN");
  }
}
