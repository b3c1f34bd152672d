package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;

import java.util.Arrays;

/** Channel blocks. */
final class Blocks {
  private Blocks() {}

  /** The blocks that hold {@code channels} channels. */
  static int count(int channels) {
    return Math.ceilDiv(channels, BLOCK);
  }

  /** Zeroes {@code positions} adjacent positions. */
  static void clear(float[] to, int to0, int positions) {
    Arrays.fill(to, to0, to0 + positions * BLOCK, 0f);
  }
}
