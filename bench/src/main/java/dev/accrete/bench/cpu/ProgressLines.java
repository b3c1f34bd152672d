package dev.accrete.bench.cpu;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** One line per case and round, with the time left. */
final class ProgressLines {
  private final PrintWriter console;
  private final int parts;
  private final Eta eta;
  private final long start = System.nanoTime();
  private int done;

  ProgressLines(PrintWriter console, int parts, double expectedSeconds) {
    this.console = console;
    this.parts = parts;
    eta = new Eta(expectedSeconds);
  }

  void ended(CpuSuite.Entry entry, int round, String outcome) {
    done++;
    eta.finish(entry.seconds());
    Duration left = eta.left(Duration.ofNanos(System.nanoTime() - start));
    console.printf(
        Locale.ROOT,
        "[%d/%d] round %d, %s: %s%s%n",
        done,
        parts,
        round + 1,
        entry.name(),
        outcome,
        done == parts ? "" : "; " + Eta.words(left) + " left");
    console.flush();
  }
}
