package dev.accrete.production.store;

import dev.accrete.cl.strategy.Cost;

/**
 * What making a version took, all its days together.
 *
 * @param macs multiply-accumulates
 * @param seconds of wall-clock time spent learning
 * @param peakBytes most bytes held at a time
 * @param imagesSeen image-passes
 */
public record VersionCost(long macs, double seconds, long peakBytes, long imagesSeen) {
  /** Nothing yet. */
  public static final VersionCost NONE = new VersionCost(0, 0, 0, 0);

  /** This and another day. */
  VersionCost plus(Cost day) {
    return new VersionCost(
        macs + day.macs(),
        seconds + day.seconds(),
        Math.max(peakBytes, day.peakBytes()),
        imagesSeen + day.imagesSeen());
  }
}
