package dev.accrete.bench.work;

import java.util.Locale;

/**
 * MobileNetV1 from images to logits.
 *
 * @param width multiplies the channels of every layer
 * @param size height and width of the images in pixels
 * @param miniBatch images per run
 */
public record InferenceWorkload(double width, int size, int miniBatch, int threads, String backend)
    implements Workload {
  public InferenceWorkload {
    if (miniBatch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "images and threads are at least 1; got " + miniBatch + " and " + threads);
    }
  }

  /** For example {@code infer-mobilenet-v1-1.0-128-mb32-t2}. */
  @Override
  public String name() {
    return String.format(
        Locale.ROOT, "infer-mobilenet-v1-%s-%d-mb%d-t%d", width, size, miniBatch, threads);
  }
}
