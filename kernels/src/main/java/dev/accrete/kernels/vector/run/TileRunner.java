package dev.accrete.kernels.vector.run;

/** Runs the tiles of a kernel, usually on several threads. */
public interface TileRunner {
  /** The number of threads; what the bits of a result depend on must not depend on it. */
  int threads();

  /**
   * Runs tiles {@code 0 .. tiles - 1} of {@code body} and returns when all are done. Does not
   * allocate; callers keep their bodies instead of making a lambda per run.
   */
  void run(int tiles, TileBody body);

  /**
   * Makes sure that every thread's {@link Scratch} holds this many floats, so that no run has to
   * allocate. Called while compiling.
   */
  void reserve(int floats);
}
