package dev.accrete.bench.work;

import java.util.List;

/**
 * What one process saw.
 *
 * @param engine the engine's name
 * @param remarks what a reader should know
 * @param parameters how many numbers were trained; 0 = none, or it does not say
 * @param macs multiply-accumulates of one run; 0 = not counted
 * @param runMillis the runs that count, in order
 * @param cpuMillis processor time per run that counts, of all threads together. On an idle machine
 *     it is at most threads x the time of a run; well below that, others had the processors
 * @param firstRunMillis from the launch of the process to the end of its first run
 * @param firstRunCpuMillis processor time of the process up to then, compilers included
 * @param first what the first run gave, see {@link Engine#run()}
 * @param last what the last one gave
 * @param proof see {@link Engine#proof()}
 * @param heldBytes what the engine says it holds: state, activations, scratch; 0 = it does not say
 * @param peakBytes the largest resident memory of the process; 0 = the system does not tell
 * @param stolen the share of the machine's processor time that a hypervisor gave to others during
 *     the runs that count, from 0 to 1; see {@link Alternation}
 */
public record Measurement(
    String engine,
    List<String> remarks,
    long parameters,
    long macs,
    List<Double> runMillis,
    double cpuMillis,
    double firstRunMillis,
    double firstRunCpuMillis,
    double first,
    double last,
    List<List<Double>> proof,
    long heldBytes,
    long peakBytes,
    double stolen) {
  public Measurement {
    remarks = List.copyOf(remarks);
    runMillis = List.copyOf(runMillis);
    proof = List.copyOf(proof);
  }

  /** This with some of its runs only, during which a share of the time was stolen. */
  Measurement only(List<Integer> runs, double share) {
    return new Measurement(
        engine,
        remarks,
        parameters,
        macs,
        runs.stream().map(runMillis::get).toList(),
        cpuMillis,
        firstRunMillis,
        firstRunCpuMillis,
        first,
        last,
        proof,
        heldBytes,
        peakBytes,
        share);
  }

  /** The median of the runs that count, in milliseconds. */
  public double medianMillis() {
    return Statistics.median(runMillis);
  }
}
