package dev.accrete.bench.step;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What {@code bench step} writes. Ratios are peer over ours: above 1 we are faster.
 *
 * @param schema the version of this layout
 * @param machine where it was
 * @param jvmOptions what our JVM was started with
 * @param cases one per workload
 * @param notes what the reader should know
 */
public record StepReport(
    int schema, Machine machine, List<String> jvmOptions, List<Case> cases, List<String> notes) {
  public StepReport {
    jvmOptions = List.copyOf(jvmOptions);
    cases = List.copyOf(cases);
    notes = List.copyOf(notes);
  }

  /**
   * One workload. Figures are medians over rounds; those of a peer are 0 and its name empty if none
   * took part.
   *
   * @param name the workload
   * @param ours our engine
   * @param oursMs milliseconds per step
   * @param oursCpuMs processor milliseconds per step, all threads together
   * @param gflops ours: 2 x multiply-accumulates / time
   * @param peer the other engine
   * @param ratio the median of the rounds' ratios
   * @param samples steps of each engine that count
   * @param rounds what each round saw
   */
  public record Case(
      String name,
      String ours,
      double oursMs,
      double oursCpuMs,
      double gflops,
      double oursFirstStepMs,
      long oursPeakBytes,
      String peer,
      double peerMs,
      double peerCpuMs,
      double ratio,
      double peerFirstStepMs,
      long peerPeakBytes,
      int samples,
      List<Round> rounds) {
    public Case {
      rounds = List.copyOf(rounds);
    }

    /**
     * The case of these rounds, of which there must be at least one.
     *
     * @throws IllegalArgumentException if ours and the peer did not train equally many parameters
     */
    static Case of(StepWorkload workload, List<Round> rounds) {
      StepMeasurement first = rounds.getFirst().ours();
      List<StepMeasurement> ours = rounds.stream().map(Round::ours).toList();
      List<StepMeasurement> peers = rounds.stream().flatMap(r -> r.peer().stream()).toList();
      for (StepMeasurement peer : peers) {
        if (peer.parameters() != first.parameters()) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "not the same network: %s trains %d parameters, %s %d",
                  first.engine(),
                  first.parameters(),
                  peer.engine(),
                  peer.parameters()));
        }
      }
      double oursMs = median(ours, StepMeasurement::medianMillis);
      boolean alone = peers.isEmpty();
      return new Case(
          workload.label(),
          first.engine(),
          oursMs,
          median(ours, StepMeasurement::cpuMillis),
          2e-6 * first.macs() / oursMs,
          median(ours, StepMeasurement::firstStepMillis),
          (long) median(ours, StepMeasurement::peakBytes),
          alone ? "" : peers.getFirst().engine(),
          alone ? 0 : median(peers, StepMeasurement::medianMillis),
          alone ? 0 : median(peers, StepMeasurement::cpuMillis),
          alone ? 0 : Statistics.median(rounds.stream().map(Round::ratio).toList()),
          alone ? 0 : median(peers, StepMeasurement::firstStepMillis),
          alone ? 0 : (long) median(peers, StepMeasurement::peakBytes),
          rounds.size() * workload.steps(),
          rounds);
    }

    private static double median(
        List<StepMeasurement> measurements, ToDoubleFunction<StepMeasurement> figure) {
      return Statistics.median(measurements.stream().map(m -> figure.applyAsDouble(m)).toList());
    }
  }

  /**
   * One process of each engine, one after the other.
   *
   * @param load the load average just before
   * @param peer empty or one
   */
  public record Round(double load, StepMeasurement ours, List<StepMeasurement> peer) {
    public Round {
      peer = List.copyOf(peer);
    }

    /** Peer over ours, or 0 without a peer. */
    public double ratio() {
      return peer.isEmpty() ? 0 : peer.getFirst().medianMillis() / ours.medianMillis();
    }
  }
}
