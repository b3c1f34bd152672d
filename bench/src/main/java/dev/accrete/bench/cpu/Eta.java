package dev.accrete.bench.cpu;

import java.time.Duration;

/** How long something will still take, from what its parts were expected to take and took. */
final class Eta {
  private final double total;
  private double done;

  /** Parts that are expected to take {@code total} seconds together. */
  Eta(double total) {
    this.total = total;
  }

  /** A part that was expected to take {@code seconds} has ended. */
  void finish(double seconds) {
    done += seconds;
  }

  /** What is left after {@code elapsed}; as expected until something has ended. */
  Duration left(Duration elapsed) {
    double rest = Math.max(0, total - done);
    double pace = done > 0 ? elapsed.toMillis() / 1e3 / done : 1;
    return Duration.ofSeconds(Math.round(rest * pace));
  }

  /** For example {@code 12 min} or {@code 40 s}. */
  static String words(Duration left) {
    return left.toSeconds() < 100
        ? left.toSeconds() + " s"
        : Math.round(left.toSeconds() / 60.0) + " min";
  }
}
