package dev.accrete.bench.work;

import dev.accrete.core.AccreteException;
import java.util.Locale;

/**
 * Training steps: MobileNetV1 with batch normalization and SGD, on one mini-batch again and again.
 *
 * @param width multiplies the channels of every layer
 * @param size height and width of the images in pixels
 * @param miniBatch images per step
 */
public record TrainingWorkload(double width, int size, int miniBatch, int threads, String backend)
    implements Workload {
  /** The learning rate of every step. */
  public static final float LEARNING_RATE = 0.01f;

  /** The momentum. */
  public static final float MOMENTUM = 0.9f;

  /** The weight decay of every parameter. */
  public static final float WEIGHT_DECAY = 5e-4f;

  public TrainingWorkload {
    if (miniBatch < 2 || threads < 1) {
      throw new IllegalArgumentException(
          "a mini-batch has at least 2 images, and threads are at least 1; got "
              + miniBatch
              + " and "
              + threads);
    }
  }

  /** For example {@code train-mobilenet-v1-1.0-128-mb128-t2}. */
  @Override
  public String name() {
    return String.format(
        Locale.ROOT, "train-mobilenet-v1-%s-%d-mb%d-t%d", width, size, miniBatch, threads);
  }

  /**
   * A fresh network guesses, so its loss is near ln(classes); on the one mini-batch it must fall.
   */
  @Override
  public void check(String engine, double first, double last) {
    if (!(Math.abs(first - Math.log(CLASSES)) < 1)) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "%s began with a loss of %.4f where guessing gives %.4f, so what was timed is not the"
                  + " training of a fresh network",
              engine,
              first,
              Math.log(CLASSES)));
    }
    if (!(last < first)) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "%s did not learn: the loss on the one mini-batch went from %.4f to %.4f, so what was"
                  + " timed is no training step",
              engine,
              first,
              last));
    }
  }
}
