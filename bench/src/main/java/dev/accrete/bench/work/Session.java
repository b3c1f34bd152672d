package dev.accrete.bench.work;

import java.io.IOException;

/** A process that is warm and waits for its turns, so that those of several can alternate. */
public interface Session extends AutoCloseable {
  /**
   * Lets the process run its work once and waits for the end.
   *
   * @throws dev.accrete.core.AccreteException if the work fails
   */
  void turn() throws IOException, InterruptedException;

  /**
   * Ends the process; every turn is a run in what it measured.
   *
   * @throws dev.accrete.core.AccreteException if what it computed is not the work
   */
  Measurement stop() throws IOException, InterruptedException;

  /** Ends the process in whatever state it is. */
  @Override
  void close();
}
