package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import jdk.incubator.vector.FloatVector;

/**
 * Mean and deviation [N, C] of every plane of map(x), in two passes over a plane that is in cache
 * by the second: squares of x itself would cancel where a plane lies far from 0.
 */
public final class PlaneMoments {
  private final Operand x;
  private final ChannelAffine map;
  private final Operand mean;
  private final Operand deviation;
  private final int blocks;
  private final int channels;
  private final int plane;

  /** The op, which {@code map} (maybe the identity) is applied before. */
  public PlaneMoments(Operand x, ChannelAffine map, Operand mean, Operand deviation) {
    this.x = x;
    this.mean = mean;
    this.deviation = deviation;
    blocks = Layout.blocks(x.shape());
    channels = x.shape().dim(1);
    plane = x.shape().spatialSize() * BLOCK;
    this.map = map.isIdentity() ? Planes.identity(channels) : map;
  }

  /** A tile for every image and block of channels. */
  public Step step(TileRunner runner) {
    runner.reserve(2 * BLOCK);
    TileBody body =
        (tile, scratch) -> {
          float[] lanes = scratch.floats(2 * BLOCK);
          int block = tile % blocks;
          for (int lane = 0; lane < BLOCK; lane += WIDTH) {
            moments(tile * plane + lane, block * BLOCK + lane, lanes, lane);
          }
          int real = Math.min(BLOCK, channels - block * BLOCK);
          int to = tile / blocks * channels + block * BLOCK;
          System.arraycopy(lanes, 0, mean.floats, mean.offset + to, real);
          System.arraycopy(lanes, BLOCK, deviation.floats, deviation.offset + to, real);
        };
    return () -> runner.run(x.shape().dim(0) * blocks, body);
  }

  private void moments(int start, int channel, float[] lanes, int lane) {
    FloatVector scale = FloatVector.fromArray(SPECIES, map.scale, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, map.shift, channel);
    FloatVector least = FloatVector.broadcast(SPECIES, map.relu ? 0f : Float.NEGATIVE_INFINITY);
    int from = x.offset + start;
    float share = (float) BLOCK / plane;
    FloatVector total = FloatVector.zero(SPECIES);
    for (int i = 0; i < plane; i += BLOCK) {
      FloatVector value = FloatVector.fromArray(SPECIES, x.floats, from + i);
      total = total.add(value.fma(scale, shift).max(least));
    }
    FloatVector average = total.mul(share);
    FloatVector rest = FloatVector.zero(SPECIES);
    FloatVector squares = FloatVector.zero(SPECIES);
    for (int i = 0; i < plane; i += BLOCK) {
      FloatVector value = FloatVector.fromArray(SPECIES, x.floats, from + i);
      FloatVector difference = value.fma(scale, shift).max(least).sub(average);
      rest = rest.add(difference);
      squares = difference.fma(difference, squares);
    }
    // The mean is rounded; what it leaves of the sum is taken out again.
    FloatVector off = rest.mul(share);
    average.intoArray(lanes, lane);
    squares.mul(share).sub(off.mul(off)).max(0f).sqrt().intoArray(lanes, BLOCK + lane);
  }
}
