package dev.accrete.production.serve.live;

/**
 * What a candidate may do before it is promoted.
 *
 * @param shadow share of images, 0 to 1, that it answers unheard beside the champion
 * @param canary share of requests, 0 to 0.5, that it answers instead of the champion
 * @param alarms what ends the canary
 */
public record Trial(double shadow, double canary, Alarms alarms) {
  private static final double MOST_CANARY = 0.5;

  /** Checks the ranges. */
  public Trial {
    checkShadow(shadow);
    checkCanary(canary);
  }

  /** Neither. */
  public static Trial none() {
    return new Trial(0, 0, Alarms.defaults());
  }

  static void checkShadow(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a shadow sees a share of 0 to 1, got " + share);
    }
  }

  static void checkCanary(double share) {
    if (!(share >= 0 && share <= MOST_CANARY)) {
      throw new IllegalArgumentException(
          "a canary answers a share of 0 to " + MOST_CANARY + ", got " + share);
    }
  }
}
