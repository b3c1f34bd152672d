package dev.accrete.bench.step;

import java.util.List;

/**
 * What one process saw.
 *
 * @param engine the engine's name
 * @param remarks what a reader should know
 * @param parameters how many numbers were trained
 * @param macs multiply-accumulates of one step; 0 = not counted
 * @param stepMillis the steps that count, in order
 * @param cpuMillis processor time per step that counts, of all threads together. On an idle machine
 *     it is at most threads x the time of a step; well below that, others had the processors
 * @param firstStepMillis from the launch of the process to the end of its first training step
 * @param firstStepCpuMillis processor time of the process up to then, compilers included
 * @param firstLoss the loss before the first update
 * @param lastLoss the loss before the last
 * @param heldBytes what the engine says it holds: state, activations, scratch; 0 = it does not say
 * @param peakBytes the largest resident memory of the process; 0 = the system does not tell
 */
public record StepMeasurement(
    String engine,
    List<String> remarks,
    long parameters,
    long macs,
    List<Double> stepMillis,
    double cpuMillis,
    double firstStepMillis,
    double firstStepCpuMillis,
    float firstLoss,
    float lastLoss,
    long heldBytes,
    long peakBytes) {
  public StepMeasurement {
    remarks = List.copyOf(remarks);
    stepMillis = List.copyOf(stepMillis);
  }

  /** The median of the steps that count, in milliseconds. */
  public double medianMillis() {
    return Statistics.median(stepMillis);
  }
}
