package dev.accrete.bench.work;

import java.io.IOException;

/** Does tasks in processes of its own and tells what it saw. */
@FunctionalInterface
public interface Measurer {
  /**
   * Starts a process on a task and waits until it is warm.
   *
   * @throws dev.accrete.core.AccreteException if the work fails, or is not done as it should be
   */
  Session start(Task task) throws IOException, InterruptedException;
}
