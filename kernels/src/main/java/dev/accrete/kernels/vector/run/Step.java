package dev.accrete.kernels.vector.run;

/** A piece of a compiled plan. Does not allocate. */
@FunctionalInterface
public interface Step {
  /** Reads its operands and writes its results. */
  void run();
}
