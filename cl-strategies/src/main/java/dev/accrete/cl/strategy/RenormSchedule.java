package dev.accrete.cl.strategy;

/**
 * The limits of batch renormalization in the first experience (Lomonaco et al. 2020): plain batch
 * normalization (r = 1, d = 0) for {@code plainSteps} steps, then both limits rise linearly and
 * reach rMax and dMax at step {@code fullStep}. Steps count from 0.
 */
record RenormSchedule(double plainSteps, double fullStep, float rMax, float dMax) {
  /** The limits at one step. */
  record Limits(float rMax, float dMax) {}

  /** The full limits from the first step on. */
  static RenormSchedule constant(Phase phase) {
    return new RenormSchedule(-1, 0, phase.rMax(), phase.dMax());
  }

  /**
   * The schedule of a first experience of {@code steps} steps. The published one was made for 96; a
   * shorter training passes through the same schedule in proportion, so that it ends at the full
   * limits as well.
   */
  static RenormSchedule rising(Solver solver, Phase phase, int steps) {
    double scale = Math.min(1.0, (double) steps / solver.fullStep());
    return new RenormSchedule(
        solver.plainSteps() * scale, solver.fullStep() * scale, phase.rMax(), phase.dMax());
  }

  Limits at(int step) {
    double part = (step - plainSteps) / (fullStep - plainSteps);
    double clamped = Math.min(1, Math.max(0, part));
    return new Limits((float) (1 + (rMax - 1) * clamped), (float) (dMax * clamped));
  }
}
