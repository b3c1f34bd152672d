package dev.accrete.app;

import java.time.Duration;
import java.util.Locale;

/**
 * Progress where nobody watches, as in a log file: a line every few seconds, with the time left.
 */
final class LineBar implements Bar {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final double NANOS_PER_SECOND = 1e9;

  /** The part that has to be done before the time left is told. */
  private static final double LEAST = 0.02;

  private final String name;
  private final long start;
  private final long total;
  private final Console console;
  private final long began = System.nanoTime();
  private long lastLine = began;

  /** Begins at {@code start}: what was done before says nothing about speed. */
  LineBar(String name, long start, long total, Console console) {
    this.name = name;
    this.start = start;
    this.total = total;
    this.console = console;
  }

  @Override
  public void to(long done, String message) {
    long now = System.nanoTime();
    if (now - lastLine < INTERVAL.toNanos()) {
      return;
    }
    lastLine = now;
    double elapsed = (now - began) / NANOS_PER_SECOND;
    // Kernels are compiled in the first moments, which say little of what follows.
    String left =
        done - start > LEAST * (total - start)
            ? ", about " + clock(elapsed * (total - done) / (done - start)) + " left"
            : "";
    String detail = message.isEmpty() ? "" : " (" + message + ")";
    console.note(
        String.format(Locale.ROOT, "%s: %.0f%%%s%s", name, 100.0 * done / total, detail, left));
  }

  /** Seconds as people write them: {@code 45 s}, {@code 3 min 20 s}, {@code 2 h 05 min}. */
  static String clock(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60);
  }

  @Override
  public void close() {}
}
