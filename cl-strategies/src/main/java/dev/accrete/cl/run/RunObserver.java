package dev.accrete.cl.run;

/**
 * Hears how far a run is. An exception thrown here ends the run as a crash at that moment would.
 */
public interface RunObserver {
  /** Hears nothing. */
  RunObserver NONE = new RunObserver() {};

  /**
   * A strategy begins, or goes on.
   *
   * @param done how many experiences it has learned before
   * @param work how much each experience of the stream will ask of it, in image-passes
   */
  default void strategyStarted(String strategy, int done, long[] work) {}

  /**
   * Part of an experience was learned.
   *
   * @param experience from 0
   * @param done image-passes of {@code total}
   */
  default void training(String strategy, int experience, long done, long total) {}

  /** An experience was learned, and tested if it was due; nothing of that is saved yet. */
  default void learned(LedgerRow row) {}

  /** The state after {@code done} experiences is safely on disk. */
  default void saved(String strategy, int done) {}

  /** The row is in {@code batches.csv}. */
  default void recorded(LedgerRow row) {}

  /** A strategy is through the stream, now or in an earlier part of the run. */
  default void strategyFinished(Ledger ledger) {}
}
