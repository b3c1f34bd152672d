package dev.accrete.kernels.vector.op;

import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.op.Dropout;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;

/** Dropout, a tile per image; the mask follows the canonical index whatever the layout. */
public final class Dropouts {
  private static final int WORDS = 4;

  private Dropouts() {}

  /** y from x; the mask follows from the key. */
  public static Step step(TileRunner runner, Dropout dropout, Operand x, Operand key, Operand y) {
    Shape shape = x.shape();
    int images = shape.rank() < 2 ? 1 : shape.dim(0);
    int image = shape.size() / images;
    TileBody body =
        (tile, scratch) -> {
          int[] words = scratch.ints(WORDS);
          if (x.layout == Layout.CANONICAL) {
            run(dropout, key, words, tile * image, image, x, tile * image, y, 1);
          } else {
            blocked(dropout, key, words, tile, x, y);
          }
        };
    return () -> runner.run(images, body);
  }

  private static void blocked(
      Dropout dropout, Operand key, int[] words, int image, Operand x, Operand y) {
    int channels = x.shape().dim(1);
    int spatial = x.shape().spatialSize();
    int blocks = Layout.blocks(x.shape());
    for (int c = 0; c < blocks * Lanes.BLOCK; c++) {
      int at = (image * blocks + c / Lanes.BLOCK) * spatial * Lanes.BLOCK + c % Lanes.BLOCK;
      if (c < channels) {
        int index = (image * channels + c) * spatial;
        run(dropout, key, words, index, spatial, x, at, y, Lanes.BLOCK);
      } else {
        for (int p = 0; p < spatial; p++) {
          y.floats[y.offset + at + p * Lanes.BLOCK] = 0;
        }
      }
    }
  }

  /**
   * Elements {@code index} to {@code index + count}, which lie {@code stride} apart from {@code
   * at}.
   */
  private static void run(
      Dropout dropout,
      Operand key,
      int[] words,
      int index,
      int count,
      Operand x,
      int at,
      Operand y,
      int stride) {
    int[] keys = key.ints;
    int k = key.offset;
    long seed = Integer.toUnsignedLong(keys[k]) | (long) keys[k + 1] << 32;
    long stream = Integer.toUnsignedLong(keys[k + 2]) | (long) keys[k + 3] << 32;
    double keep = 1.0 - dropout.rate();
    int threshold = dropout.threshold();
    for (int i = 0; i < count; i++) {
      int word = (index + i) % WORDS;
      if (word == 0 || i == 0) {
        Rng.philox(seed, stream, (index + i) / WORDS, words);
      }
      boolean zeroed = words[word] >>> 8 < threshold;
      int offset = at + i * stride;
      y.floats[y.offset + offset] = zeroed ? 0 : (float) (x.floats[x.offset + offset] / keep);
    }
  }
}
