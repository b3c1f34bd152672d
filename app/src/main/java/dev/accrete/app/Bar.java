package dev.accrete.app;

/** Shows how far one task is. */
interface Bar extends AutoCloseable {
  /** {@code done} units are done; {@code message} says more, or is empty. */
  void to(long done, String message);

  @Override
  void close();
}
