package dev.accrete.production.serve.live;

import java.time.Duration;

/**
 * How images of several requests come together.
 *
 * @param most images that the network sees at once
 * @param delay how long an image waits for others that are being decoded; with 0 it takes whatever
 *     is queued
 * @param queue images that may wait or be decoded at once; more are refused
 */
public record Batching(int most, Duration delay, int queue) {
  private static final int LARGEST = 1024;
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** Checks the ranges. */
  public Batching {
    if (most < 1 || most > LARGEST) {
      throw new IllegalArgumentException("a batch has 1 to " + LARGEST + " images, got " + most);
    }
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "an image waits 0 to " + LONGEST.toMillis() + " ms for others, got " + delay.toMillis());
    }
    if (queue < most) {
      throw new IllegalArgumentException(
          "the queue must hold a batch of " + most + " images, got " + queue);
    }
  }

  /** 16 images, 2 ms, 512 images. */
  public static Batching defaults() {
    return new Batching(16, Duration.ofMillis(2), 512);
  }
}
