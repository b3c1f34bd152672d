package dev.accrete.kernels.vector.tensor;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import java.util.Arrays;

/** Channel blocks. */
public final class Blocks {
  private Blocks() {}

  /** The blocks that hold {@code channels} channels. */
  public static int count(int channels) {
    return Math.ceilDiv(channels, BLOCK);
  }

  /** Copies {@code lines} runs of {@code positions} adjacent positions. */
  public static void copyLines(
      float[] from,
      int from0,
      int fromStep,
      float[] to,
      int to0,
      int toStep,
      int lines,
      int positions) {
    for (int line = 0; line < lines; line++) {
      System.arraycopy(from, from0 + line * fromStep, to, to0 + line * toStep, positions * BLOCK);
    }
  }

  /** Zeroes {@code positions} adjacent positions. */
  public static void clear(float[] to, int to0, int positions) {
    Arrays.fill(to, to0, to0 + positions * BLOCK, 0f);
  }
}
