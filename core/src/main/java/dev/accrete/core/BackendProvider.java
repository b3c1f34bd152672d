package dev.accrete.core;

/** Makes backends of one kind; found through {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The name users give to {@code --backend}. */
  String name();

  /** Among available backends {@code auto} takes the one with the highest priority. */
  int priority();

  /** Whether this backend can run here, and if not, why and what to do. Must not throw. */
  Availability probe();

  /**
   * Makes a backend.
   *
   * @throws AccreteException if it is not available, with the reason {@link #probe} gives
   */
  Backend create(BackendOptions options);

  /** Whether a backend can run, with a line for people: what it would run on, or why it cannot. */
  record Availability(boolean available, String detail) {}
}
