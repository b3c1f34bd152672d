package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.SPECIES;
import static dev.accrete.kernels.vector.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Mean and variance of every channel of a blocked tensor, in one pass over memory (4 bytes and 3
 * operations an element).
 *
 * <p>Each tile sums {@code x - K} and its square around a K of its own, the mean of its first
 * pixels, so that a mean far from zero cancels nothing; sums of at most 1024 pixels are kept in
 * single precision, longer ones in double. Tiles are merged in order by the formula of Chan, Golub
 * and LeVeque (1983).
 */
final class ChannelStatistics implements TileBody {
  private static final int PIXELS_PER_SUM = 1024;
  private static final int PIXELS_OF_SHIFT = 256;

  private final TileRunner runner;
  private final ChannelTiles tiles;
  private final Operand x;
  private final float[] shifts;
  private final double[] sums;
  private final double[] squares;

  /** The mean of each channel; valid after {@link #run}. */
  final double[] means;

  /** The variance of each channel, divided by the number of values. */
  final double[] variances;

  ChannelStatistics(TileRunner runner, Operand x) {
    this.runner = runner;
    this.x = x;
    tiles = new ChannelTiles(x.shape());
    int partials = tiles.tiles() * BLOCK;
    shifts = new float[partials];
    sums = new double[partials];
    squares = new double[partials];
    means = new double[tiles.channels];
    variances = new double[tiles.channels];
    runner.reserve(2 * BLOCK);
  }

  void run() {
    runner.run(tiles.tiles(), this);
    for (int c = 0; c < tiles.channels; c++) {
      merge(c);
    }
  }

  @Override
  public void run(int tile, Scratch scratch) {
    int at = tile * BLOCK;
    shift(tile, at);
    java.util.Arrays.fill(sums, at, at + BLOCK, 0);
    java.util.Arrays.fill(squares, at, at + BLOCK, 0);
    float[] partial = scratch.floats(2 * BLOCK);
    int from = tiles.from(tile);
    int to = tiles.to(tile);
    int chunk = PIXELS_PER_SUM * BLOCK;
    // Small planes are taken together up to the length of a sum; long ones are cut.
    int together = Math.max(1, chunk / tiles.plane);
    for (int image = from; image < to; image += together) {
      int until = Math.min(to, image + together);
      for (int start = 0; start < tiles.plane; start += chunk) {
        int end = Math.min(tiles.plane, start + chunk);
        for (int lane = 0; lane < BLOCK; lane += WIDTH) {
          accumulate(tile, image, until, start, end, lane, partial);
        }
        for (int i = 0; i < BLOCK; i++) {
          sums[at + i] += partial[i];
          squares[at + i] += partial[BLOCK + i];
        }
      }
    }
  }

  /** Sums over {@code [start, end)} of the planes of several images, for one vector of lanes. */
  private void accumulate(
      int tile, int image, int until, int start, int end, int lane, float[] partial) {
    float[] values = x.floats;
    FloatVector shift = FloatVector.fromArray(SPECIES, shifts, tile * BLOCK + lane);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector square0 = sum0;
    FloatVector square1 = sum0;
    for (int n = image; n < until; n++) {
      int plane = x.offset + tiles.start(n, tiles.block(tile)) + lane;
      int i = plane + start;
      int stop = plane + end;
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
    sum0.add(sum1).intoArray(partial, lane);
    square0.add(square1).intoArray(partial, BLOCK + lane);
  }

  private void shift(int tile, int at) {
    int images = Math.min(tiles.to(tile) - tiles.from(tile), PIXELS_OF_SHIFT * BLOCK / tiles.plane);
    int last = tiles.from(tile) + Math.max(1, images);
    int end = Math.min(tiles.plane, PIXELS_OF_SHIFT * BLOCK);
    float share = 1f / ((last - tiles.from(tile)) * (end / BLOCK));
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int n = tiles.from(tile); n < last; n++) {
        int plane = x.offset + tiles.start(n, tiles.block(tile)) + lane;
        for (int i = plane; i < plane + end; i += BLOCK) {
          sum = sum.add(FloatVector.fromArray(SPECIES, x.floats, i));
        }
      }
      sum.mul(share).intoArray(shifts, at + lane);
    }
  }

  private void merge(int channel) {
    double count = 0;
    double mean = 0;
    double m2 = 0;
    for (int group = 0; group < tiles.groups; group++) {
      int tile = group * tiles.blocks + channel / BLOCK;
      int at = tile * BLOCK + channel % BLOCK;
      double values = (double) (tiles.to(tile) - tiles.from(tile)) * tiles.plane / BLOCK;
      double delta = shifts[at] + sums[at] / values - mean;
      double total = count + values;
      m2 += squares[at] - sums[at] * sums[at] / values + delta * delta * count * values / total;
      mean += delta * values / total;
      count = total;
    }
    means[channel] = mean;
    // Rounding may leave a constant channel a hair below 0; Math.max would hide a NaN the same way.
    variances[channel] = m2 < 0 ? 0 : m2 / count;
  }
}
