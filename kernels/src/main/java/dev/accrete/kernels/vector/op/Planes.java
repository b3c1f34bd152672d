package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.run.ChannelTiles;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Ops on blocked tensors that treat the pixels of a plane alike: maps and sums per channel. */
public final class Planes {
  private static final int PIXELS_PER_SUM = 1024;

  private Planes() {}

  /** Writes a tensor that is computed while it is loaded. */
  public static Step store(TileRunner runner, Source x, Operand y) {
    ChannelTiles tiles = new ChannelTiles(y.shape());
    int positions = tiles.plane / BLOCK;
    TileBody body =
        (tile, scratch) -> {
          for (int n = tiles.from(tile); n < tiles.to(tile); n++) {
            int plane = tiles.start(n, tiles.block(tile));
            int channel = tiles.block(tile) * BLOCK;
            x.copy(plane, y.floats, y.offset + plane, positions, channel);
          }
        };
    return () -> runner.run(tiles.tiles(), body);
  }

  /** dx = dy where map(x) is positive, else 0. */
  public static Step reluGrad(
      TileRunner runner, Operand x, ChannelAffine map, Operand dy, Operand dx) {
    ChannelTiles tiles = new ChannelTiles(x.shape());
    TileBody body =
        (tile, scratch) -> {
          for (int n = tiles.from(tile); n < tiles.to(tile); n++) {
            int plane = tiles.start(n, tiles.block(tile));
            for (int lane = 0; lane < BLOCK; lane += WIDTH) {
              int channel = tiles.block(tile) * BLOCK + lane;
              reluGrad(x, map, channel, dy, dx, plane + lane, plane + tiles.plane);
            }
          }
        };
    return () -> runner.run(tiles.tiles(), body);
  }

  private static void reluGrad(
      Operand x, ChannelAffine map, int channel, Operand dy, Operand dx, int start, int end) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector scale = FloatVector.fromArray(SPECIES, map.scale, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, map.shift, channel);
    for (int i = start; i < end; i += BLOCK) {
      VectorMask<Float> on =
          FloatVector.fromArray(SPECIES, x.floats, x.offset + i)
              .fma(scale, shift)
              .compare(VectorOperators.GT, 0f);
      zero.blend(FloatVector.fromArray(SPECIES, dy.floats, dy.offset + i), on)
          .intoArray(dx.floats, dx.offset + i);
    }
  }

  /** The map {@code x + bias}, taken from the bias [C] in every run. */
  public static Step biasMap(Operand bias, ChannelAffine map) {
    int channels = bias.shape().size();
    return () -> {
      Arrays.fill(map.scale, 0, channels, 1f);
      System.arraycopy(bias.floats, bias.offset, map.shift, 0, channels);
    };
  }

  /** Sums of every channel [C], tiles added in order in double precision. */
  public static Step channelSum(TileRunner runner, Operand x, Operand sum) {
    ChannelTiles tiles = new ChannelTiles(x.shape());
    double[] partial = new double[tiles.tiles() * BLOCK];
    runner.reserve(BLOCK);
    TileBody body = (tile, scratch) -> sum(x, tiles, tile, scratch.floats(BLOCK), partial);
    return () -> {
      runner.run(tiles.tiles(), body);
      for (int c = 0; c < tiles.channels; c++) {
        double total = 0;
        for (int group = 0; group < tiles.groups; group++) {
          total += partial[(group * tiles.blocks + c / BLOCK) * BLOCK + c % BLOCK];
        }
        sum.floats[sum.offset + c] = (float) total;
      }
    };
  }

  private static void sum(
      Operand x, ChannelTiles tiles, int tile, float[] lanes, double[] partial) {
    int at = tile * BLOCK;
    Arrays.fill(partial, at, at + BLOCK, 0);
    int chunk = PIXELS_PER_SUM * BLOCK;
    for (int n = tiles.from(tile); n < tiles.to(tile); n++) {
      int plane = x.offset + tiles.start(n, tiles.block(tile));
      for (int start = 0; start < tiles.plane; start += chunk) {
        int end = Math.min(tiles.plane, start + chunk);
        for (int lane = 0; lane < BLOCK; lane += WIDTH) {
          FloatVector total = FloatVector.zero(SPECIES);
          for (int i = plane + start + lane; i < plane + end; i += BLOCK) {
            total = total.add(FloatVector.fromArray(SPECIES, x.floats, i));
          }
          total.intoArray(lanes, lane);
        }
        for (int i = 0; i < BLOCK; i++) {
          partial[at + i] += lanes[i];
        }
      }
    }
  }

  /** The mean [N, C] of every plane of map(x), which may be the identity. */
  public static Step globalAverage(TileRunner runner, Operand x, ChannelAffine map, Operand y) {
    int blocks = Layout.blocks(x.shape());
    int channels = x.shape().dim(1);
    int plane = x.shape().spatialSize() * BLOCK;
    runner.reserve(BLOCK);
    ChannelAffine applied = map.isIdentity() ? identity(channels) : map;
    TileBody body =
        (image, scratch) -> {
          float[] lanes = scratch.floats(BLOCK);
          for (int block = 0; block < blocks; block++) {
            average(x, (image * blocks + block) * plane, plane, applied, block * BLOCK, lanes);
            int real = Math.min(BLOCK, channels - block * BLOCK);
            int to = y.offset + image * channels + block * BLOCK;
            System.arraycopy(lanes, 0, y.floats, to, real);
          }
        };
    return () -> runner.run(x.shape().dim(0), body);
  }

  private static void average(
      Operand x, int start, int plane, ChannelAffine map, int channel, float[] lanes) {
    float share = (float) BLOCK / plane;
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector scale = FloatVector.fromArray(SPECIES, map.scale, channel + lane);
      FloatVector shift = FloatVector.fromArray(SPECIES, map.shift, channel + lane);
      FloatVector least = FloatVector.broadcast(SPECIES, map.relu ? 0f : Float.NEGATIVE_INFINITY);
      FloatVector total = FloatVector.zero(SPECIES);
      for (int i = start + lane; i < start + plane; i += BLOCK) {
        FloatVector value = FloatVector.fromArray(SPECIES, x.floats, x.offset + i);
        total = total.add(value.fma(scale, shift).max(least));
      }
      total.mul(share).intoArray(lanes, lane);
    }
  }

  /** A map that multiplies by 1; padding lanes by 0. */
  public static ChannelAffine identity(int channels) {
    ChannelAffine ones = ChannelAffine.ofChannels(channels, false);
    Arrays.fill(ones.scale, 0, channels, 1f);
    return ones;
  }

  /** dx [N, C, H, W], each plane filled with dy / (H * W). */
  public static Step globalAverageGrad(TileRunner runner, Operand dy, Operand dx) {
    int blocks = Layout.blocks(dx.shape());
    int channels = dx.shape().dim(1);
    int plane = dx.shape().spatialSize() * BLOCK;
    runner.reserve(BLOCK);
    TileBody body =
        (image, scratch) -> {
          float[] lanes = scratch.floats(BLOCK);
          for (int block = 0; block < blocks; block++) {
            Arrays.fill(lanes, 0, BLOCK, 0f);
            int real = Math.min(BLOCK, channels - block * BLOCK);
            int from = dy.offset + image * channels + block * BLOCK;
            System.arraycopy(dy.floats, from, lanes, 0, real);
            spread(lanes, dx, dx.offset + (image * blocks + block) * plane, plane);
          }
        };
    return () -> runner.run(dx.shape().dim(0), body);
  }

  private static void spread(float[] lanes, Operand dx, int start, int plane) {
    float share = (float) BLOCK / plane;
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector value = FloatVector.fromArray(SPECIES, lanes, lane).mul(share);
      for (int i = start + lane; i < start + plane; i += BLOCK) {
        value.intoArray(dx.floats, i);
      }
    }
  }
}
