package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlternationTest {
  private static final Task TASK =
      new Task(new TrainingWorkload(1, 32, 4, 1, "auto"), new Timing(1, 0, 3));

  private final List<String> events = new ArrayList<>();

  /** Ticks stolen of 1000 in each round; none in those that follow. */
  private List<Integer> stolen = List.of();

  private int rounds;
  private int failing = Integer.MAX_VALUE;

  /** Run i takes i milliseconds. */
  private final class Recorded implements Session {
    private final String name;
    private int turns;

    Recorded(String name) {
      this.name = name;
      events.add(name + " starts");
    }

    @Override
    public void turn() {
      if (turns == failing) {
        throw new AccreteException(name + " failed");
      }
      events.add(name + turns++);
    }

    @Override
    public Measurement stop() {
      List<Double> millis = IntStream.range(0, turns).mapToObj(i -> (double) i).toList();
      return new Measurement(name, List.of(), 0, 0, millis, 1, 1, 1, 0, 0, List.of(), 0, 0, 0);
    }

    @Override
    public void close() {
      events.add(name + " closes");
    }
  }

  /** Is read before and after every round. */
  private ProcessorTime clock() {
    int complete = rounds / 2;
    int now = (rounds++ + 1) / 2;
    int sum = IntStream.range(0, now).map(i -> i < stolen.size() ? stolen.get(i) : 0).sum();
    return new ProcessorTime(1000L * (complete + now), sum);
  }

  private List<Measurement> measure() throws IOException, InterruptedException {
    List<Measurer> engines = List.of(task -> new Recorded("a"), task -> new Recorded("b"));
    return new Alternation(this::clock).measure(engines, TASK);
  }

  @Test
  void runsAlternateAndSoDoesWhoComesFirst() throws IOException, InterruptedException {
    List<Measurement> measured = measure();
    assertThat(events)
        .containsExactly(
            "a starts", "b starts", "a0", "b0", "b1", "a1", "a2", "b2", "b closes", "a closes");
    assertThat(measured).extracting(Measurement::engine).containsExactly("a", "b");
    assertThat(measured.getFirst().runMillis()).containsExactly(0.0, 1.0, 2.0);
    assertThat(measured.getFirst().stolen()).isZero();
  }

  @Test
  void roundsThatWereDisturbedAreTakenAgain() throws IOException, InterruptedException {
    stolen = List.of(0, 300, 20);
    List<Measurement> measured = measure();
    assertThat(measured.getFirst().runMillis()).containsExactly(0.0, 2.0, 3.0);
    assertThat(measured.getLast().runMillis()).containsExactly(0.0, 2.0, 3.0);
    assertThat(measured.getLast().stolen()).isEqualTo(0.02 / 3, within(1e-12));
  }

  @Test
  void givesUpAfterTwiceAsManyAndKeepsTheLeastDisturbed() throws IOException, InterruptedException {
    stolen = List.of(500, 100, 400, 200, 300, 600);
    List<Measurement> measured = measure();
    assertThat(measured.getFirst().runMillis()).containsExactly(1.0, 3.0, 4.0);
    assertThat(measured.getFirst().stolen()).isEqualTo(0.2, within(1e-12));
  }

  @Test
  void noProcessIsLeftBehind() {
    failing = 1;
    assertThatThrownBy(this::measure).isInstanceOf(AccreteException.class);
    assertThat(events).endsWith("b closes", "a closes");
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
