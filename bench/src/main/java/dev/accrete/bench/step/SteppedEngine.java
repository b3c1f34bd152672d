package dev.accrete.bench.step;

import java.util.List;

/** An engine that has been given a {@link StepWorkload} and can take one training step of it. */
public interface SteppedEngine extends AutoCloseable {
  /** The engine with its version and how it is used, for example {@code libtorch 2.7.1}. */
  String name();

  /** How many numbers the step trains; all engines must agree on it. */
  long parameters();

  /** Multiply-accumulates of one step, or 0 if this engine does not count them. */
  long macs();

  /** Bytes held for state, activations and scratch, or 0 if this engine does not tell. */
  long bytes();

  /** What a reader of the figures should know about this engine here. */
  List<String> remarks();

  /** Takes one step and waits for it. Returns the mean loss of the mini-batch before the update. */
  float step();

  @Override
  void close();

  /** Makes an engine ready for its first step. */
  @FunctionalInterface
  interface Factory {
    /** Builds and initializes the network. */
    SteppedEngine create(StepWorkload workload);
  }
}
