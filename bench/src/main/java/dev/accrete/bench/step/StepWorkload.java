package dev.accrete.bench.step;

import java.util.Locale;

/**
 * What every engine is asked to do: train MobileNetV1 with batch normalization and SGD on one
 * mini-batch again and again.
 *
 * @param width multiplies the channels of every layer
 * @param size height and width of the images in pixels
 * @param miniBatch images per step
 * @param threads worker threads
 * @param backend what executes our own steps; peers ignore it
 * @param warmUpSteps the least number of steps before the first that counts
 * @param warmUpSeconds the least time before it
 * @param steps the steps that count
 */
public record StepWorkload(
    double width,
    int size,
    int miniBatch,
    int threads,
    String backend,
    int warmUpSteps,
    double warmUpSeconds,
    int steps) {
  /** The classes told apart, as many as CORe50 has. */
  public static final int CLASSES = 50;

  /** The learning rate of every step. */
  public static final float LEARNING_RATE = 0.01f;

  /** The momentum. */
  public static final float MOMENTUM = 0.9f;

  /** The weight decay of every parameter. */
  public static final float WEIGHT_DECAY = 5e-4f;

  /**
   * The system property by which a share of every step is wasted, so that one can see whether a
   * comparison of builds would notice.
   */
  public static final String SLOWDOWN = "accrete.bench.slowdown";

  /** The seed of weights and images. */
  public static final long SEED = 1;

  public StepWorkload {
    if (miniBatch < 2 || threads < 1 || warmUpSteps < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "a mini-batch has at least 2 images, and threads, warm-up steps and steps are at least 1;"
              + " got "
              + miniBatch
              + ", "
              + threads
              + ", "
              + warmUpSteps
              + ", "
              + steps);
    }
  }

  /** The case's name in reports, for example {@code train-mobilenet-v1-1.0-128-mb128-t2}. */
  public String label() {
    return String.format(
        Locale.ROOT, "train-mobilenet-v1-%s-%d-mb%d-t%d", width, size, miniBatch, threads);
  }
}
