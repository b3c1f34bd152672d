package dev.accrete.kernels.vector.norm;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * Mean and variance of every channel of a blocked tensor: 3 operations an element.
 *
 * <p>Each part sums {@code x - K} and its square around a K of its own, the mean of its first
 * positions, so that a mean far from zero cancels nothing. The parts are then moved, in double, to
 * the K of the first one and added up in order.
 */
public final class ChannelStatistics extends ChannelSums {
  private static final int POSITIONS_OF_SHIFT = 256;

  private final Operand x;
  private final float[] shifts;

  /** The mean of each channel; valid after {@link #finish}. */
  public final double[] means;

  /** The variance of each channel, divided by the number of values. */
  public final double[] variances;

  /** Statistics of {@code x}, which is written in {@code parts} parts. */
  public ChannelStatistics(Operand x, int parts) {
    super(x.shape(), parts);
    this.x = x;
    shifts = new float[parts * blocks * BLOCK];
    means = new double[blocks * BLOCK];
    variances = new double[blocks * BLOCK];
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  void start(int slot, int at, int positions, int planes, int stride) {
    int length = Math.min(positions, POSITIONS_OF_SHIFT);
    int count = Math.clamp(POSITIONS_OF_SHIFT / positions, 1, planes);
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int plane = 0; plane < count; plane++) {
        int from = x.offset + at + plane * stride + lane;
        for (int i = 0; i < length; i++) {
          sum = sum.add(FloatVector.fromArray(SPECIES, x.floats, from + i * BLOCK));
        }
      }
      sum.mul(1f / (count * length)).intoArray(shifts, slot * BLOCK + lane);
    }
  }

  @Override
  void sum(
      int lane, int channel, int at, int positions, int planes, int stride, float[] to, int to0) {
    float[] values = x.floats;
    FloatVector shift = FloatVector.fromArray(SPECIES, shifts, lane);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector square0 = sum0;
    FloatVector square1 = sum0;
    for (int plane = 0; plane < planes; plane++) {
      int i = x.offset + at + plane * stride;
      int stop = i + positions * BLOCK;
      for (; i + BLOCK < stop; i += 2 * BLOCK) {
        FloatVector a = FloatVector.fromArray(SPECIES, values, i).sub(shift);
        FloatVector b = FloatVector.fromArray(SPECIES, values, i + BLOCK).sub(shift);
        sum0 = sum0.add(a);
        square0 = a.fma(a, square0);
        sum1 = sum1.add(b);
        square1 = b.fma(b, square1);
      }
      if (i < stop) {
        FloatVector a = FloatVector.fromArray(SPECIES, values, i).sub(shift);
        sum0 = sum0.add(a);
        square0 = a.fma(a, square0);
      }
    }
    sum0.add(sum1).intoArray(to, to0);
    square0.add(square1).intoArray(to, to0 + BLOCK);
  }

  /** Adds the parts up. */
  public void finish() {
    Arrays.fill(means, 0);
    Arrays.fill(variances, 0);
    for (int block = 0; block < blocks; block++) {
      finish(block);
    }
  }

  private void finish(int block) {
    int to = block * BLOCK;
    double count = 0;
    for (int part = 0; part < parts; part++) {
      int slot = part * blocks + block;
      int at = slot * BLOCK;
      double values = counts[slot];
      count += values;
      for (int i = 0; i < BLOCK && values > 0; i++) {
        double moved = (double) shifts[at + i] - shifts[to + i];
        means[to + i] += first[at + i] + values * moved;
        variances[to + i] += second[at + i] + moved * (2 * first[at + i] + values * moved);
      }
    }
    for (int i = to; i < to + BLOCK; i++) {
      double mean = means[i] / count;
      // Rounding may leave a constant channel a hair below 0; Math.max would hide a NaN as well.
      double variance = variances[i] / count - mean * mean;
      variances[i] = variance < 0 ? 0 : variance;
      means[i] = shifts[i] + mean;
    }
  }
}
