package dev.accrete.cl.pretrain;

import dev.accrete.core.Rng;

/**
 * CutMix (Yun et al. 2019): a window of another image is pasted into an image, and the two share
 * its label by area.
 *
 * <p>The window has the shape of the image; the share of the area that it is drawn for is uniform
 * (the paper's Beta(1, 1)), its centre anywhere, and what lies outside is cut off. Where the
 * paper's loss weighs both labels by their areas, one of them is drawn here with the area as its
 * chance: the loss is linear in the target, so this is the same loss in expectation, for one label
 * an image.
 */
final class CutMix {
  private final int channels;
  private final int height;
  private final int width;

  /** A window in whole pixels. */
  record Window(int top, int left, int height, int width) {
    int area() {
      return height * width;
    }
  }

  /** For images u8 [channels, height, width]. */
  CutMix(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  /** Draws a window; it may be empty. */
  Window draw(Rng rng) {
    double side = Math.sqrt(rng.nextDouble());
    int top = rng.nextInt(height);
    int left = rng.nextInt(width);
    int high = (int) Math.round(side * height);
    int wide = (int) Math.round(side * width);
    int firstRow = Math.max(0, top - high / 2);
    int firstColumn = Math.max(0, left - wide / 2);
    return new Window(
        firstRow,
        firstColumn,
        Math.min(height, top - high / 2 + high) - firstRow,
        Math.min(width, left - wide / 2 + wide) - firstColumn);
  }

  /** Whether the label becomes that of the image the window is from: as likely as its area. */
  boolean takesLabel(Window window, Rng rng) {
    return rng.nextDouble() * height * width < window.area();
  }

  /** Copies the window of the image at {@code from} over the one at {@code to}. */
  void paste(byte[] from, int fromOffset, Window window, byte[] to, int toOffset) {
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < window.height; i++) {
        int start = (c * height + window.top + i) * width + window.left;
        System.arraycopy(from, fromOffset + start, to, toOffset + start, window.width);
      }
    }
  }
}
