package dev.accrete.kernels.vector;

/** Counts the runs of a plan. */
final class Clock {
  long runs;
}
