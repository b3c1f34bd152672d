package dev.accrete.cl.strategy;

/** Hears how far a strategy is with one experience. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (done, total) -> {};

  /** {@code done} of {@code total} image-passes are through; called after every mini-batch. */
  void report(int done, int total);
}
