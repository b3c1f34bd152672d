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
 * @param shift the largest shift of the crop as a part of the image's size
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
    double shift,
    long seed,
    Optional<Path> start) {

  /** Some epochs at one image size: smaller images first cost less and teach nearly as much. */
  public record Phase(int imageSize, int epochs) {
    public Phase {
      if (imageSize < 16 || epochs < 1) {
        throw new IllegalArgumentException(
            "a phase needs images of at least 16 pixels and at least 1 epoch, got "
                + imageSize
                + "x"
                + epochs);
      }
    }

    @Override
    public String toString() {
      return imageSize + "x" + epochs;
    }
  }

  public PretrainOptions {
    phases = List.copyOf(phases);
    if (phases.isEmpty() || miniBatch < 1 || peakLearningRate <= 0) {
      throw new IllegalArgumentException(
          "pre-training needs a phase, a positive mini-batch and a positive learning rate");
    }
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
    return "'" + text + "' is not a phase; write SIZExEPOCHS, for example 64x24";
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
