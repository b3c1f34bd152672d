package dev.accrete.bench.work;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * How a measuring process and its parent take turns: the process prints {@link #READY} when it is
 * warm and after every run; the parent answers {@link #RUN} or {@link #STOP}.
 */
final class Turns {
  /** What a process says when it waits for its turn, on a line of its own. */
  static final String READY = "accrete-bench: ready";

  /** What lets it run once. */
  static final String RUN = "run";

  /** What lets it write its measurement and end. */
  static final String STOP = "stop";

  private final BufferedReader in;
  private final PrintStream out;

  Turns(InputStream in, PrintStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  /**
   * Waits for a turn; false if there are no more.
   *
   * @throws IOException if the parent is gone
   */
  boolean next() throws IOException {
    out.println(READY);
    out.flush();
    String answer = in.readLine();
    if (answer == null) {
      throw new IOException("the process that asked for a measurement is gone");
    }
    return answer.equals(RUN);
  }
}
