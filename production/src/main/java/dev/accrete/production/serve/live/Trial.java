package dev.accrete.production.serve.live;

import java.time.Duration;

/**
 * How versions are tried.
 *
 * @param shadow share of images, 0 to 1, that a candidate answers unheard beside the champion
 * @param canary share of requests, 0 to 0.5, that a candidate answers instead of the champion
 * @param rollout share of requests, 0 to 0.5, that a new champion answers at first, the old one the
 *     rest; with 0 it answers all at once
 * @param bake how long that lasts
 * @param alarms what ends a canary: a candidate then answers nothing more, a new champion is rolled
 *     back
 */
public record Trial(double shadow, double canary, double rollout, Duration bake, Alarms alarms) {
  private static final double MOST_CANARY = 0.5;

  /** Checks the ranges. */
  public Trial {
    if (!(shadow >= 0 && shadow <= 1)) {
      throw new IllegalArgumentException("a shadow sees a share of 0 to 1, got " + shadow);
    }
    checkCanary(canary);
    checkCanary(rollout);
    if (bake.isNegative()) {
      throw new IllegalArgumentException("a new champion is tried for a time, got " + bake);
    }
  }

  private static void checkCanary(double share) {
    if (!(share >= 0 && share <= MOST_CANARY)) {
      throw new IllegalArgumentException(
          "a canary answers a share of 0 to " + MOST_CANARY + ", got " + share);
    }
  }

  /** Nothing is tried. */
  public static Trial none() {
    return new Trial(0, 0, 0, Duration.ofMinutes(30), Alarms.defaults());
  }

  /** The same with another shadow. */
  public Trial withShadow(double share) {
    return new Trial(share, canary, rollout, bake, alarms);
  }

  /** The same with a candidate that answers. */
  public Trial withCanary(double share) {
    return new Trial(shadow, share, rollout, bake, alarms);
  }

  /** The same with new champions that answer a share at first. */
  public Trial withRollout(double share, Duration time) {
    return new Trial(shadow, canary, share, time, alarms);
  }

  /** The same with other alarms. */
  public Trial with(Alarms others) {
    return new Trial(shadow, canary, rollout, bake, others);
  }
}
