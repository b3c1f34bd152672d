package dev.accrete.bench.work;

import java.util.Locale;

/**
 * What a continual learner does with one small batch of a stream of 391: MobileNetV1, 4 epochs of
 * mini-batches of 128, all images of one class. The first batch of the stream, which the timed ones
 * follow, counts as preparation.
 *
 * @param strategy {@link #AR1_STAR} or {@link #AR1_FREE}
 * @param width multiplies the channels of every layer
 * @param size height and width of the images in pixels
 * @param images in the batch
 * @param latents in the memory that is replayed; 0 for a strategy without one
 */
public record UpdateWorkload(
    String strategy, double width, int size, int images, int latents, int threads, String backend)
    implements Workload {
  /** Without replay. */
  public static final String AR1_STAR = "ar1-star";

  /** With latent replay at the published layer. */
  public static final String AR1_FREE = "ar1-free";

  /** Passes over the images. */
  public static final int EPOCHS = 4;

  /** Rows of a mini-batch. */
  public static final int MINI_BATCH = 128;

  public UpdateWorkload {
    if (images < 1 || threads < 1 || strategy.equals(AR1_FREE) != latents > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "images and threads are at least 1, and %s alone has latents; got %s with %d images,"
                  + " %d latents, %d threads",
              AR1_FREE,
              strategy,
              images,
              latents,
              threads));
    }
  }

  /** For example {@code update-ar1-star-mobilenet-v1-1.0-128-n300-t2}. */
  @Override
  public String name() {
    return String.format(
        Locale.ROOT,
        "update-%s-mobilenet-v1-%s-%d-n%d-t%d",
        strategy,
        width,
        size,
        images,
        threads);
  }
}
