package dev.accrete.core;

/**
 * What a user may choose of a backend.
 *
 * @param threads worker threads including the caller's, at most {@link #mostThreads}; results do
 *     not depend on it
 * @param precision the least precision that will do
 */
public record BackendOptions(int threads, Precision precision) {
  /**
   * Checks the options.
   *
   * @throws AccreteException if {@code threads} is out of bounds
   */
  public BackendOptions {
    if (threads < 1 || threads > mostThreads()) {
      int processors = Runtime.getRuntime().availableProcessors();
      throw new AccreteException(
          "threads is "
              + threads
              + ", must be 1 to "
              + mostThreads()
              + " here: every step waits for all threads, and with "
              + processors
              + (processors == 1 ? " processor" : " processors")
              + " more than "
              + processors
              + " gain nothing");
    }
  }

  /** The most threads to ask for: 16 for each processor the JVM sees, 64 where there are few. */
  public static int mostThreads() {
    return Math.max(64, 16 * Runtime.getRuntime().availableProcessors());
  }

  /** So many threads, computing in fp32. */
  public BackendOptions(int threads) {
    this(threads, Precision.FP32);
  }

  /** As many threads as the JVM sees processors, computing in fp32. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors());
  }

  /** These options with another number of threads. */
  public BackendOptions withThreads(int count) {
    return new BackendOptions(count, precision);
  }

  /** These options with another precision. */
  public BackendOptions withPrecision(Precision other) {
    return new BackendOptions(threads, other);
  }

  /**
   * For backends that know fp32 only.
   *
   * @throws AccreteException if another precision was asked for
   */
  public void requireFp32(String backend) {
    if (precision != Precision.FP32) {
      throw new AccreteException(
          "the backend '"
              + backend
              + "' computes in fp32, not in "
              + precision.label()
              + "; leave the precision out, or use the cuda backend");
    }
  }
}
