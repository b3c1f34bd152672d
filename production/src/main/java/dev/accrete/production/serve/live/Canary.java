package dev.accrete.production.serve.live;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A candidate that answers a share of the requests: which ones their content decides, so that the
 * same image is always answered by the same version.
 */
final class Canary {
  /** Shares are told apart to a ten-thousandth. */
  private static final int PARTS = 10_000;

  private final int version;
  private final double share;
  private final Alarms alarms;
  private final Window candidate;
  private final Window champion;

  /** Why it ended. */
  record Alarm(String name, String text) {}

  Canary(int version, double share, Alarms alarms, LongSupplier clock) {
    this.version = version;
    this.share = share;
    this.alarms = alarms;
    candidate = new Window(alarms.window(), clock);
    champion = new Window(alarms.window(), clock);
  }

  int version() {
    return version;
  }

  double share() {
    return share;
  }

  /** Whether the request of this hash is the candidate's. */
  boolean takes(long hash) {
    return takes(hash, share);
  }

  /** Whether something of this hash falls into a share. */
  static boolean takes(long hash, double share) {
    // The finalizer of MurmurHash3: hashes of similar things differ in all bits.
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return Long.remainderUnsigned(mixed ^ (mixed >>> 33), PARTS) < share * PARTS;
  }

  void answered(boolean byCandidate, long nanos) {
    (byCandidate ? candidate : champion).answered(nanos);
  }

  void failed(boolean byCandidate) {
    (byCandidate ? candidate : champion).failed();
  }

  void compared(boolean same) {
    candidate.compared(same);
  }

  /** What was seen of the candidate, in a few words. */
  String figures() {
    return String.format(
        Locale.ROOT,
        "%d images, %.1f%% errors, p99 %d us, %.1f%% of %d otherwise",
        candidate.images(),
        100 * candidate.errors(),
        candidate.p99().toNanos() / 1000,
        100 * candidate.disagreement(),
        candidate.comparisons());
  }

  /** The alarm that ends it, if one does. */
  Optional<Alarm> judge() {
    if (candidate.images() >= alarms.least()) {
      double excess = candidate.errors() - champion.errors();
      if (excess > alarms.errors()) {
        return alarm(
            "errors",
            String.format(
                Locale.ROOT,
                "%.1f%% of the candidate's images fail, %.1f%% of the champion's",
                100 * candidate.errors(),
                100 * champion.errors()));
      }
      if (champion.images() >= alarms.least()) {
        double ours = candidate.p99().toNanos();
        double theirs = champion.p99().toNanos();
        if (ours > alarms.slowness() * theirs + alarms.margin().toNanos()) {
          return alarm(
              "latency",
              String.format(
                  Locale.ROOT,
                  "the candidate's 99th percentile is %.1f ms, the champion's %.1f ms",
                  ours / 1e6,
                  theirs / 1e6));
        }
      }
    }
    if (candidate.comparisons() >= alarms.least()
        && candidate.disagreement() > alarms.disagreement()) {
      return alarm(
          "disagreement",
          String.format(
              Locale.ROOT,
              "the candidate takes %.1f%% of %d images for other classes than the champion",
              100 * candidate.disagreement(),
              candidate.comparisons()));
    }
    return Optional.empty();
  }

  private static Optional<Alarm> alarm(String name, String text) {
    return Optional.of(new Alarm(name, text));
  }
}
