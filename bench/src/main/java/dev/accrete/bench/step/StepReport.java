package dev.accrete.bench.step;

import dev.accrete.bench.work.Agreement;
import dev.accrete.bench.work.Machine;
import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.Statistics;
import dev.accrete.bench.work.Workload;
import java.util.List;
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
     * @throws dev.accrete.core.AccreteException if ours and the peer did not train equally many
     *     parameters
     */
    static Case of(Workload workload, List<Round> rounds) {
      Measurement first = rounds.getFirst().ours();
      List<Measurement> ours = rounds.stream().map(Round::ours).toList();
      List<Measurement> peers = rounds.stream().flatMap(r -> r.peer().stream()).toList();
      peers.forEach(peer -> Agreement.check(first, peer));
      double oursMs = median(ours, Measurement::medianMillis);
      boolean alone = peers.isEmpty();
      return new Case(
          workload.name(),
          first.engine(),
          oursMs,
          median(ours, Measurement::cpuMillis),
          2e-6 * first.macs() / oursMs,
          median(ours, Measurement::firstRunMillis),
          (long) median(ours, Measurement::peakBytes),
          alone ? "" : peers.getFirst().engine(),
          alone ? 0 : median(peers, Measurement::medianMillis),
          alone ? 0 : median(peers, Measurement::cpuMillis),
          alone ? 0 : Statistics.median(rounds.stream().map(Round::ratio).toList()),
          alone ? 0 : median(peers, Measurement::firstRunMillis),
          alone ? 0 : (long) median(peers, Measurement::peakBytes),
          ours.stream().mapToInt(m -> m.runMillis().size()).sum(),
          rounds);
    }

    private static double median(
        List<Measurement> measurements, ToDoubleFunction<Measurement> figure) {
      return Statistics.median(measurements.stream().map(m -> figure.applyAsDouble(m)).toList());
    }
  }

  /**
   * One process of each engine, one after the other.
   *
   * @param load the load average just before
   * @param peer empty or one
   */
  public record Round(double load, Measurement ours, List<Measurement> peer) {
    public Round {
      peer = List.copyOf(peer);
    }

    /** The larger of the shares of processor time that a hypervisor gave to others. */
    double stolen() {
      return Math.max(
          ours.stolen(), peer.stream().mapToDouble(Measurement::stolen).max().orElse(0));
    }

    /** Peer over ours, or 0 without a peer. */
    public double ratio() {
      return peer.isEmpty() ? 0 : peer.getFirst().medianMillis() / ours.medianMillis();
    }
  }
}
