package dev.accrete.cl.pretrain;

import dev.accrete.core.Rng;

/** Random flips and shifted crops, three numbers per image as the engine's image op takes them. */
final class Augmentation {
  private static final int NUMBERS = 3;

  private Augmentation() {}

  /**
   * Draws for {@code rows} images.
   *
   * @param shift the largest shift in pixels, either way
   */
  static void draw(Rng rng, int rows, int shift, int[] augment) {
    for (int row = 0; row < rows; row++) {
      augment[row * NUMBERS] = rng.nextInt(2);
      augment[row * NUMBERS + 1] = rng.nextInt(2 * shift + 1) - shift;
      augment[row * NUMBERS + 2] = rng.nextInt(2 * shift + 1) - shift;
    }
  }
}
