package dev.accrete.bench.work;

import java.io.IOException;

/** Does a task in a process of its own and tells what it saw. */
@FunctionalInterface
public interface Measurer {
  /**
   * Measures.
   *
   * @throws dev.accrete.core.AccreteException if the work fails, or is not done as it should be
   */
  Measurement measure(Task task) throws IOException, InterruptedException;
}
