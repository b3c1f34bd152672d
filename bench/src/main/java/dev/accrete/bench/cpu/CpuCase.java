package dev.accrete.bench.cpu;

import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.Statistics;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The figures of one case: medians over rounds of medians of processes.
 *
 * @param name the workload's
 * @param rounds at least one
 * @param limitGflops what registers can do with as many threads; 0 = not measured
 */
record CpuCase(String name, List<Round> rounds, double limitGflops) {
  private static final double MIB = 1 << 20;

  CpuCase {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException(name + " has no rounds");
    }
  }

  /** One process of each engine. */
  record Round(Measurement ours, Optional<Measurement> peer) {
    double ratio(Measurement theirs) {
      return theirs.medianMillis() / ours.medianMillis();
    }
  }

  /**
   * What the peer reached, in the rounds it took part in.
   *
   * @param ratio {@code millis} over ours: above 1 we are faster
   * @param ratios the same within each round
   */
  record Peer(String name, double millis, double ratio, List<Double> ratios, double peakMib) {}

  String ours() {
    return rounds.getFirst().ours().engine();
  }

  /** Milliseconds of ours. */
  double oursMs() {
    return median(ours -> ours.medianMillis());
  }

  /** 2 x multiply-accumulates / time; 0 = not counted. */
  double gflops() {
    return 2e-6 * rounds.getFirst().ours().macs() / oursMs();
  }

  /** The share of the register limit; 0 = one of them is not known. */
  double limitShare() {
    return limitGflops > 0 ? gflops() / limitGflops : 0;
  }

  /** Runs of ours that count. */
  int samples() {
    return rounds.stream().mapToInt(round -> round.ours().runMillis().size()).sum();
  }

  /** The largest share of processor time that a hypervisor gave to others while it was measured. */
  double stolen() {
    return rounds.stream()
        .flatMap(round -> Stream.concat(Stream.of(round.ours()), round.peer().stream()))
        .mapToDouble(Measurement::stolen)
        .max()
        .orElse(0);
  }

  /** Resident memory of our process at its peak. */
  double oursPeakMib() {
    return median(ours -> ours.peakBytes()) / MIB;
  }

  Optional<Peer> peer() {
    List<Round> both = rounds.stream().filter(round -> round.peer().isPresent()).toList();
    if (both.isEmpty()) {
      return Optional.empty();
    }
    List<Measurement> theirs = both.stream().flatMap(round -> round.peer().stream()).toList();
    double millis = Statistics.median(theirs.stream().map(Measurement::medianMillis).toList());
    return Optional.of(
        new Peer(
            theirs.getFirst().engine(),
            millis,
            millis / oursMs(),
            both.stream().map(round -> round.ratio(round.peer().orElseThrow())).toList(),
            Statistics.median(theirs.stream().map(m -> m.peakBytes() / MIB).toList())));
  }

  private double median(ToDoubleFunction<Measurement> figure) {
    return Statistics.median(
        rounds.stream().map(round -> figure.applyAsDouble(round.ours())).toList());
  }
}
