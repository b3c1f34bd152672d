package dev.accrete.cl.pretrain;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The recipe of a pre-training.
 *
 * @param phases image sizes and epochs, in order; the learning rate runs through all of them
 * @param miniBatch images per step
 * @param peakLearningRate reached after the warm-up, then annealed to 0 by half a cosine
 * @param warmupSteps steps of linear warm-up
 * @param weightDecay on weights; not on biases, scales and shifts
 * @param labelSmoothing the probability spread over all classes
 * @param augmentation how images are varied
 * @param seed of weights, order and augmentation
 * @param start weights to start from, of the same network or of a narrower one (see {@link
 *     dev.accrete.nn.Widening}); random ones if empty
 */
public record PretrainOptions(
    List<Phase> phases,
    int miniBatch,
    float peakLearningRate,
    int warmupSteps,
    float weightDecay,
    float labelSmoothing,
    Augmentation augmentation,
    long seed,
    Optional<Path> start) {

  /** Some epochs at one image size: smaller images first cost less and teach nearly as much. */
  public record Phase(int imageSize, int epochs) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the number and its range
     */
    public Phase {
      String phase = "--phases, " + imageSize + "x" + epochs + ": ";
      requireWithin(phase + "the image size", imageSize, LEAST_SIZE, MOST_SIZE);
      requireWithin(phase + "the number of epochs", epochs, 1, MOST_EPOCHS);
    }

    @Override
    public String toString() {
      return imageSize + "x" + epochs;
    }
  }

  private static final int LEAST_SIZE = 16;
  private static final int MOST_SIZE = 1024;
  private static final int MOST_EPOCHS = 10_000;
  private static final int MOST_ROWS = 65_536;
  private static final int MOST_STEPS = 100_000_000;
  private static final double MOST_RATE = 1000;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the option, its value and its range
   */
  public PretrainOptions {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException(phaseError(""));
    }
    requireWithin("--mini-batch", miniBatch, 1, MOST_ROWS);
    requireWithin("--warmup-steps", warmupSteps, 0, MOST_STEPS);
    requireWithin("--learning-rate", peakLearningRate, Float.MIN_VALUE, MOST_RATE);
    requireWithin("--weight-decay", weightDecay, 0, 1);
    requireWithin("--label-smoothing", labelSmoothing, 0, Math.nextDown(1f));
  }

  static void requireWithin(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name
              + " is "
              + number(value)
              + ", must be "
              + (least == Float.MIN_VALUE ? "above 0" : "at least " + number(least))
              + " and "
              + (most == Math.nextDown(1f) ? "below 1" : "at most " + number(most)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }

  /**
   * Reads phases written as {@code SIZExEPOCHS,...}, for example {@code 32x6,48x6,64x4}.
   *
   * @throws IllegalArgumentException if the text is not of this form
   */
  public static List<Phase> parsePhases(String text) {
    return Arrays.stream(text.split(",", -1)).map(PretrainOptions::parsePhase).toList();
  }

  private static Phase parsePhase(String text) {
    String[] parts = text.trim().split("x", -1);
    try {
      if (parts.length == 2) {
        return new Phase(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(phaseError(text), e);
    }
    throw new IllegalArgumentException(phaseError(text));
  }

  private static String phaseError(String text) {
    return "--phases: '" + text + "' is not a phase; write SIZExEPOCHS, for example 64x24";
  }

  /** The steps of warm-up in a training of {@code total} steps: never more than a tenth of them. */
  public long warmupSteps(long total) {
    return Math.min(warmupSteps, total / 10);
  }

  /** All epochs of all phases. */
  public int epochs() {
    return phases.stream().mapToInt(Phase::epochs).sum();
  }

  /** Pixels per training image seen in the first {@code epochs} epochs, a fraction included. */
  double pixelsBefore(double epochs) {
    double pixels = 0;
    double left = epochs;
    for (Phase phase : phases) {
      double spent = Math.min(left, phase.epochs());
      pixels += spent * phase.imageSize() * phase.imageSize();
      left -= spent;
    }
    return pixels;
  }

  /** The phases as {@link #parsePhases} reads them. */
  public String phasesText() {
    return phases.stream().map(Phase::toString).collect(Collectors.joining(","));
  }

  /** The phase that epoch {@code epoch} (from 0) belongs to. */
  public Phase phaseOf(int epoch) {
    int end = 0;
    for (Phase phase : phases) {
      end += phase.epochs();
      if (epoch < end) {
        return phase;
      }
    }
    throw new IllegalArgumentException("epoch " + epoch + " is beyond the " + end + " planned");
  }
}
