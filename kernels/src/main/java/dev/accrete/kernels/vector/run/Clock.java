package dev.accrete.kernels.vector.run;

/** Counts the runs of a plan. */
public final class Clock {
  /** Runs so far, the one at hand included. */
  public long runs;
}
