package dev.accrete.cl.metrics;

import java.util.Arrays;

/**
 * The accounting behind the published claim of "45% less computation on average and 92% at the last
 * batch, 49% and 99% less memory" at 391 batches: computation is counted in epochs, memory in
 * training images held.
 *
 * <p>It ignores that an epoch of re-training runs over ever more images, and what a step really
 * costs; {@link MeasuredAccounting} stands beside it.
 *
 * @param compute saving in epochs: 4 against 4 to 50
 * @param memory saving in images held: the new ones against all so far
 */
public record SeedAccounting(Saving compute, Saving memory) {
  /** For experiences of equal size, which is how the claim counts. */
  public static SeedAccounting ofEqualExperiences(int experiences) {
    int[] sizes = new int[experiences];
    Arrays.fill(sizes, 1);
    return of(sizes);
  }

  /**
   * For experiences of the given numbers of images.
   *
   * @throws IllegalArgumentException if the stream is empty
   */
  public static SeedAccounting of(int[] sizes) {
    double[] epochs = new double[sizes.length];
    Arrays.fill(epochs, RetrainSchedule.FIRST_EPOCHS);
    return of(sizes, epochs, Arrays.stream(sizes).asDoubleStream().toArray());
  }

  /**
   * For a continual strategy that does not train for 4 epochs or keeps other images than the new
   * ones.
   *
   * @param sizes images of each experience
   * @param epochs epochs of the continual strategy at each experience
   * @param imagesHeld images it holds at each experience
   * @throws IllegalArgumentException if the stream is empty or the lengths differ
   */
  public static SeedAccounting of(int[] sizes, double[] epochs, double[] imagesHeld) {
    if (epochs.length != sizes.length || imagesHeld.length != sizes.length) {
      throw new IllegalArgumentException(
          sizes.length
              + " experiences, but epochs of "
              + epochs.length
              + " and images held of "
              + imagesHeld.length);
    }
    RetrainSchedule schedule = new RetrainSchedule(sizes.length);
    double[] retrainEpochs = new double[sizes.length];
    Arrays.setAll(retrainEpochs, schedule::exactEpochs);
    return new SeedAccounting(
        Saving.of(epochs, retrainEpochs), Saving.of(imagesHeld, schedule.imagesHeld(sizes)));
  }
}
