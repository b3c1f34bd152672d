package dev.accrete.cl.pretrain;

import dev.accrete.core.Rng;
import java.util.Locale;

/**
 * How training images are varied: always flipped or not, and as the three parts say.
 *
 * @param shift the largest shift of the image as a part of its size, 0 to 0.5
 * @param cropArea the least part of the image's area that a {@link RandomResizedCrop} keeps, 0.01
 *     to 1; 1 crops nothing
 * @param cutMix the share of images that get a window of another one ({@link CutMix}), 0 to 1
 */
public record Augmentation(double shift, double cropArea, double cutMix) {
  private static final int NUMBERS = 3;
  private static final double MOST_SHIFT = 0.5;
  private static final double LEAST_AREA = 0.01;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the option, its value and its range
   */
  public Augmentation {
    PretrainOptions.requireWithin("--shift", shift, 0, MOST_SHIFT);
    PretrainOptions.requireWithin("--crop-area", cropArea, LEAST_AREA, 1);
    PretrainOptions.requireWithin("--cut-mix", cutMix, 0, 1);
  }

  /** Whether images are cropped and resized before anything else. */
  boolean crops() {
    return cropArea < 1;
  }

  /** Whether windows of other images are pasted, after the crops. */
  boolean mixes() {
    return cutMix > 0;
  }

  /**
   * Draws flips and shifts for {@code rows} images: three numbers each, as the image op has them.
   */
  void draw(Rng rng, int rows, int width, int[] augment) {
    int most = (int) Math.round(shift * width);
    for (int row = 0; row < rows; row++) {
      augment[row * NUMBERS] = rng.nextInt(2);
      augment[row * NUMBERS + 1] = rng.nextInt(2 * most + 1) - most;
      augment[row * NUMBERS + 2] = rng.nextInt(2 * most + 1) - most;
    }
  }

  /** As options; what is not used is not named, so that states from before it are resumed. */
  String options() {
    return "--shift "
        + shift
        + (crops() ? ", --crop-area " + cropArea : "")
        + (mixes() ? ", --cut-mix " + cutMix : "");
  }

  /** In words, for a model card. */
  String describe() {
    String flips = "flips";
    if (crops()) {
      flips += ", random resized crops of at least " + percent(cropArea) + " of the area";
    }
    if (mixes()) {
      flips += ", CutMix of " + percent(cutMix) + " of the images";
    }
    return shift > 0
        ? flips + ", crops shifted by up to " + percent(shift) + " of the size"
        : flips;
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * part);
  }
}
