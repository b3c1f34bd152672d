package dev.accrete.production.serve.live;

import java.time.Duration;

/**
 * What ends a canary by itself. Each is judged over a sliding window, once enough was seen in it.
 *
 * @param errors share of the candidate's images that fail, beyond the champion's share
 * @param slowness its 99th percentile of time over the champion's
 * @param margin time that it may take longer in any case
 * @param disagreement share of images that the two take for different classes
 * @param window what is looked at
 * @param least images in the window before anything is judged
 */
public record Alarms(
    double errors,
    double slowness,
    Duration margin,
    double disagreement,
    Duration window,
    int least) {
  /** Checks the ranges. */
  public Alarms {
    require(errors >= 0 && errors <= 1, "a share of errors of 0 to 1", errors);
    require(slowness >= 1, "a slowness of at least 1", slowness);
    require(!margin.isNegative(), "a margin that is not negative", margin);
    require(disagreement >= 0 && disagreement <= 1, "a disagreement of 0 to 1", disagreement);
    require(window.toSeconds() >= 1, "a window of at least a second", window);
    require(least >= 1, "at least one image", least);
  }

  private static void require(boolean condition, String wanted, Object got) {
    if (!condition) {
      throw new IllegalArgumentException("an alarm needs " + wanted + ", got " + got);
    }
  }

  /** 2% more errors, twice as slow and 10 ms, 30% disagreement, of 100 images in a minute. */
  public static Alarms defaults() {
    return new Alarms(0.02, 2, Duration.ofMillis(10), 0.3, Duration.ofMinutes(1), 100);
  }
}
