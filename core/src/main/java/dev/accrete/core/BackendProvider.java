package dev.accrete.core;

import java.util.Optional;

/** Makes backends of one kind; found through {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The name users give to {@code --backend}. */
  String name();

  /** Whether this is the backend that users mean by {@code name}. */
  default boolean answersTo(String name) {
    return name.equals(name());
  }

  /** Among available backends {@code auto} takes the one with the highest priority. */
  int priority();

  /** Whether this backend can run here, and if not, why and what to do. Must not throw. */
  Availability probe();

  /**
   * A line for users, if they would expect this backend here but it cannot run, or if it can run
   * but never at its speed: the cause and the remedy.
   */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /**
   * Makes a backend.
   *
   * @throws AccreteException if it is not available, with the reason {@link #probe} gives
   */
  Backend create(BackendOptions options);

  /** Whether a backend can run, with a line for people: what it would run on, or why it cannot. */
  record Availability(boolean available, String detail) {}
}
