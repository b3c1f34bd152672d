package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndisturbedMeasurerTest {
  private static final Task TASK =
      new Task(new TrainingWorkload(1, 32, 4, 1, "auto"), new Timing(1, 0, 1));

  /** Ticks that pass and are stolen in each attempt. */
  private final Deque<ProcessorTime> attempts = new ArrayDeque<>();

  private ProcessorTime now = new ProcessorTime(5000, 700);
  private int measured;

  private Measurement measure() throws IOException, InterruptedException {
    return new UndisturbedMeasurer(
            task -> {
              ProcessorTime passed = attempts.remove();
              now = new ProcessorTime(now.all() + passed.all(), now.stolen() + passed.stolen());
              return numbered(++measured);
            },
            () -> now)
        .measure(TASK);
  }

  private static Measurement numbered(double number) {
    return new Measurement(
        "engine", List.of(), 0, 0, List.of(number), 1, 1, 1, 0, 0, List.of(), 0, 0, 0);
  }

  @Test
  void measuresOnceWhereNothingWasStolen() throws IOException, InterruptedException {
    attempts.add(new ProcessorTime(1000, 20));
    Measurement measurement = measure();
    assertThat(measured).isEqualTo(1);
    assertThat(measurement.stolen()).isEqualTo(0.02, within(1e-12));
  }

  @Test
  void measuresAgainUntilNothingWasStolen() throws IOException, InterruptedException {
    attempts.add(new ProcessorTime(1000, 470));
    attempts.add(new ProcessorTime(1000, 1));
    Measurement measurement = measure();
    assertThat(measurement.medianMillis()).isEqualTo(2);
    assertThat(measurement.stolen()).isEqualTo(0.001, within(1e-12));
  }

  @Test
  void keepsTheBestOfThree() throws IOException, InterruptedException {
    attempts.add(new ProcessorTime(1000, 470));
    attempts.add(new ProcessorTime(1000, 60));
    attempts.add(new ProcessorTime(1000, 100));
    Measurement measurement = measure();
    assertThat(measured).isEqualTo(3);
    assertThat(measurement.medianMillis()).isEqualTo(2);
    assertThat(measurement.stolen()).isEqualTo(0.06, within(1e-12));
  }

  @Test
  void readsTheTicksOfLinux() {
    ProcessorTime time =
        ProcessorTime.parse("cpu  10 20 30 40 50 60 70 80 900 900\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
    assertThat(time).isEqualTo(new ProcessorTime(360, 80));
  }

  @Test
  void whatDoesNotTellHasNothingStolen() {
    ProcessorTime silent = ProcessorTime.parse("intr 5");
    assertThat(silent.stolenSince(ProcessorTime.parse(""))).isZero();
  }
}
