package dev.accrete.bench.work;

import java.util.List;

/** An engine that has been given a {@link Workload} and can do it again and again. */
public interface Engine extends AutoCloseable {
  /** The engine with its version and how it is used, for example {@code libtorch 2.7.1}. */
  String name();

  /** How many numbers a run trains, on which all engines must agree; 0 if it trains none. */
  default long parameters() {
    return 0;
  }

  /** Multiply-accumulates of one run, or 0 if this engine does not count them. */
  default long macs() {
    return 0;
  }

  /** Bytes held for state, activations and scratch, or 0 if this engine does not tell. */
  default long bytes() {
    return 0;
  }

  /** What a reader of the figures should know about this engine here. */
  default List<String> remarks() {
    return List.of();
  }

  /**
   * Does the work and waits for it. Returns the mean loss before the last update, or 0 where there
   * is no loss.
   */
  double run();

  /**
   * Checks once, untimed and after the first run, that the results are what they should be.
   *
   * @throws dev.accrete.core.AccreteException if they are not
   */
  default void verify() {}

  /**
   * Some numbers of each result that every engine must get from the same work; empty where engines
   * start from weights of their own.
   */
  default List<List<Double>> proof() {
    return List.of();
  }

  @Override
  void close();

  /** Makes an engine ready for its first run. */
  @FunctionalInterface
  interface Factory {
    /**
     * Builds and initializes what the work needs.
     *
     * @throws IllegalArgumentException if this engine does not do such work
     */
    Engine create(Workload workload);
  }
}
