package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.SPECIES;
import static dev.accrete.kernels.vector.Lanes.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Copies of runs of positions of one channel block. */
final class Blocks {
  private Blocks() {}

  /** The blocks that hold {@code channels} channels. */
  static int count(int channels) {
    return Math.ceilDiv(channels, BLOCK);
  }

  /**
   * Copies {@code positions} adjacent positions of a block whose first channel is {@code channel}.
   */
  static void copy(
      float[] from, int from0, float[] to, int to0, int positions, ChannelAffine map, int channel) {
    if (map.isIdentity()) {
      System.arraycopy(from, from0, to, to0, positions * BLOCK);
    } else if (map.relu) {
      mapRelu(from, from0, to, to0, positions, map.scale, map.shift, channel);
    } else {
      map(from, from0, to, to0, positions, map.scale, map.shift, channel);
    }
  }

  /** Zeroes {@code positions} adjacent positions. */
  static void clear(float[] to, int to0, int positions) {
    Arrays.fill(to, to0, to0 + positions * BLOCK, 0f);
  }

  private static void map(
      float[] from,
      int from0,
      float[] to,
      int to0,
      int positions,
      float[] scale,
      float[] shift,
      int channel) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector a = FloatVector.fromArray(SPECIES, scale, channel + lane);
      FloatVector b = FloatVector.fromArray(SPECIES, shift, channel + lane);
      for (int i = 0; i < positions; i++) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, from0 + lane + i * BLOCK);
        x.fma(a, b).intoArray(to, to0 + lane + i * BLOCK);
      }
    }
  }

  private static void mapRelu(
      float[] from,
      int from0,
      float[] to,
      int to0,
      int positions,
      float[] scale,
      float[] shift,
      int channel) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector a = FloatVector.fromArray(SPECIES, scale, channel + lane);
      FloatVector b = FloatVector.fromArray(SPECIES, shift, channel + lane);
      for (int i = 0; i < positions; i++) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, from0 + lane + i * BLOCK).fma(a, b);
        // A comparison instead of max: max has to order NaN and signed zeros, five instructions.
        VectorMask<Float> negative = x.compare(VectorOperators.LT, zero);
        x.blend(zero, negative).intoArray(to, to0 + lane + i * BLOCK);
      }
    }
  }
}
