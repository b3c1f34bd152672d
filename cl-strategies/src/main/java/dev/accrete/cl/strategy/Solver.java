package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Setting;
import dev.accrete.nn.NormKind;

/**
 * How a network is trained, whatever the strategy: stochastic gradient descent with momentum on
 * mini-batches, and the behaviour of its normalizations. The published values are those of Lomonaco
 * et al. 2020 and the authors' code.
 *
 * @param miniBatch images per training step
 * @param inferenceBatch images per inference step; changes nothing but speed and memory
 * @param momentum of the solver; it starts anew with every experience
 * @param weightDecay of convolution, linear and head weights
 * @param norm {@code RENORM}, or {@code BATCH} for plain batch normalization, which is
 *     renormalization with r = 1 and d = 0 throughout
 * @param plainSteps steps of the first experience with r = 1 and d = 0
 * @param fullStep step of the first experience at which r and d reach their limits
 * @param augment whether images are flipped at random where the whole network trains; the published
 *     streams are not
 * @param shift the largest random shift of an image, either way, as a part of its side, where it is
 *     flipped too; what comes in is black
 */
public record Solver(
    @Setting(value = "images per training step", min = 1, max = 65536) int miniBatch,
    @Setting(value = "images per inference step; speed and memory alone", min = 1, max = 65536)
        int inferenceBatch,
    @Setting(value = "momentum of the solver", min = 0, below = 1) float momentum,
    @Setting(value = "weight decay of weights", min = 0, max = 1) float weightDecay,
    @Setting(value = "how normalizations behave in training", except = "fixed") NormKind norm,
    @Setting(value = "first experience: steps with r = 1 and d = 0", min = 0) int plainSteps,
    @Setting(value = "first experience: step at which r and d reach their limits", min = 1)
        int fullStep,
    @Setting("flip training images at random") boolean augment,
    @Setting(
            value = "with augment: the largest random shift, as a part of the side",
            min = 0,
            max = 0.5)
        double shift) {

  /** The published values. */
  public static final Solver PUBLISHED =
      new Solver(128, 64, 0.9f, 5e-4f, NormKind.RENORM, 48, 96, false, 0);

  /**
   * Checks what depends on two settings.
   *
   * @throws IllegalArgumentException if {@code fullStep} is not above {@code plainSteps}
   */
  public Solver {
    if (fullStep <= plainSteps) {
      throw new IllegalArgumentException(
          "full-step is " + fullStep + ", must be above plain-steps " + plainSteps);
    }
  }

  /** These settings with images flipped, and shifted by up to a part of their side. */
  public Solver withAugmentation(double part) {
    return new Solver(
        miniBatch, inferenceBatch, momentum, weightDecay, norm, plainSteps, fullStep, true, part);
  }

  /** These settings with another mini-batch. */
  public Solver withMiniBatch(int size) {
    return new Solver(
        size, inferenceBatch, momentum, weightDecay, norm, plainSteps, fullStep, augment, shift);
  }

  /** These settings with another behaviour of normalizations. */
  public Solver withNorm(NormKind kind) {
    return new Solver(
        miniBatch,
        inferenceBatch,
        momentum,
        weightDecay,
        kind,
        plainSteps,
        fullStep,
        augment,
        shift);
  }
}
