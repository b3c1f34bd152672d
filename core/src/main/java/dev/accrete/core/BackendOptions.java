package dev.accrete.core;

/**
 * What a user may choose of a backend.
 *
 * @param threads worker threads including the caller's; results do not depend on it
 */
public record BackendOptions(int threads) {
  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
    }
  }

  /** As many threads as the JVM sees processors. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors());
  }

  /** These options with another number of threads. */
  public BackendOptions withThreads(int count) {
    return new BackendOptions(count);
  }
}
