package dev.accrete.kernels.vector;

/** A piece of a compiled plan. Does not allocate. */
@FunctionalInterface
interface Step {
  /** Reads its operands and writes its results. */
  void run();
}
