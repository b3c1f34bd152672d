package dev.accrete.core;

/**
 * What a user may choose of a backend.
 *
 * @param threads worker threads including the caller's; results do not depend on it
 * @param precision the least precision that will do
 */
public record BackendOptions(int threads, Precision precision) {
  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
    }
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
