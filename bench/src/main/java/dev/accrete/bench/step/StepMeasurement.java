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
 * @param firstStepMillis from the launch of the process to the end of its first training step
 * @param firstLoss the loss before the first update
 * @param lastLoss the loss before the last
 * @param peakBytes the largest resident memory of the process; 0 = the system does not tell
 */
public record StepMeasurement(
    String engine,
    List<String> remarks,
    long parameters,
    long macs,
    List<Double> stepMillis,
    double firstStepMillis,
    float firstLoss,
    float lastLoss,
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
