package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;

/** Depthwise weights by channel block, [blocks][taps][16], and the same with the taps reversed. */
final class DepthwiseWeights {
  private final int channels;
  private final int taps;
  private final float[] data;
  private final float[] reversed;
  private float[] weights = new float[0];
  private int weights0;
  private boolean stale = true;

  DepthwiseWeights(int channels, int taps) {
    this.channels = channels;
    this.taps = taps;
    data = new float[Arena.BASE + Blocks.count(channels) * taps * BLOCK];
    reversed = new float[data.length];
  }

  void use(float[] newWeights, int newWeights0) {
    weights = newWeights;
    weights0 = newWeights0;
    stale = true;
  }

  /** Repacks the weights if they changed; too few to share among threads. */
  void refresh() {
    for (int c = 0; stale && c < channels; c++) {
      int to = offset(c / BLOCK) + c % BLOCK;
      for (int tap = 0; tap < taps; tap++) {
        data[to + tap * BLOCK] = weights[weights0 + c * taps + tap];
        reversed[to + (taps - 1 - tap) * BLOCK] = weights[weights0 + c * taps + tap];
      }
    }
    stale = false;
  }

  float[] data() {
    return data;
  }

  float[] reversed() {
    return reversed;
  }

  int offset(int block) {
    return Arena.BASE + block * taps * BLOCK;
  }
}
