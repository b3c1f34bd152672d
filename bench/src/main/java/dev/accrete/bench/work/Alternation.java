package dev.accrete.bench.work;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Measures engines side by side: their processes live at the same time and their runs alternate, so
 * that whatever the machine does from second to second, its clock, its neighbours, it does to all.
 *
 * <p>A virtual machine's processors may at any time be given to others. Where a hypervisor tells,
 * rounds in which it did so by more than {@link #TOLERATED} are taken again, up to twice as many as
 * were asked for, and those that were disturbed most are left out.
 */
public final class Alternation {
  /** The share of the processors' time above which a round counts as disturbed. */
  public static final double TOLERATED = 0.02;

  private static final int MOST = 2;

  private final ProcessorTime.Clock clock;

  private record Round(int index, double stolen) {}

  /** Tells what was stolen by a clock. */
  public Alternation(ProcessorTime.Clock clock) {
    this.clock = clock;
  }

  /** Tells what was stolen by the clock of this machine. */
  public static Alternation here() {
    return new Alternation(ProcessorTime::now);
  }

  /** Measures one engine. */
  public Measurement measure(Measurer engine, Task task) throws IOException, InterruptedException {
    return measure(List.of(engine), task).getFirst();
  }

  /**
   * Measures engines on a task. Run i of one is to be compared with run i of another; who comes
   * first changes from run to run.
   *
   * @throws dev.accrete.core.AccreteException if the work of one of them fails
   */
  public List<Measurement> measure(List<? extends Measurer> engines, Task task)
      throws IOException, InterruptedException {
    Deque<Session> open = new ArrayDeque<>();
    try {
      List<Session> sessions = new ArrayList<>();
      for (Measurer engine : engines) {
        Session session = engine.start(task);
        open.push(session);
        sessions.add(session);
      }
      List<Round> kept = rounds(sessions, task.timing().runs());
      List<Measurement> measurements = new ArrayList<>();
      for (Session session : sessions) {
        measurements.add(
            session
                .stop()
                .only(
                    kept.stream().map(Round::index).toList(),
                    kept.stream().mapToDouble(Round::stolen).average().orElse(0)));
      }
      return measurements;
    } finally {
      open.forEach(Session::close);
    }
  }

  private List<Round> rounds(List<Session> sessions, int wanted)
      throws IOException, InterruptedException {
    List<Round> rounds = new ArrayList<>();
    long good = 0;
    while (good < wanted && rounds.size() < MOST * wanted) {
      int index = rounds.size();
      ProcessorTime before = clock.read();
      for (Session session : index % 2 == 0 ? sessions : sessions.reversed()) {
        session.turn();
      }
      Round round = new Round(index, clock.read().stolenSince(before));
      rounds.add(round);
      good += round.stolen() <= TOLERATED ? 1 : 0;
    }
    return rounds.stream()
        .sorted((a, b) -> Double.compare(a.stolen(), b.stolen()))
        .limit(wanted)
        .sorted((a, b) -> Integer.compare(a.index(), b.index()))
        .toList();
  }
}
