package dev.accrete.kernels.vector.norm;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.Shape;
import dev.accrete.kernels.vector.run.ChannelTiles;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Layout;
import java.util.Arrays;

/**
 * Two sums per channel over all images and positions of a blocked tensor: the frame of an {@link
 * Epilogue} that also runs as a pass of its own over a tensor which nobody added up.
 *
 * <p>Sums of at most 1024 positions are kept in single precision, longer ones in double.
 */
abstract class ChannelSums implements Epilogue {
  private static final int POSITIONS_PER_SUM = 1024;

  final int blocks;
  final int parts;

  /** Positions added so far, by part and block. */
  final int[] counts;

  /** The sums by part, block and lane. */
  final double[] first;

  final double[] second;

  /** Single-precision sums on their way to the double ones: two blocks each. */
  private final float[] lanes;

  ChannelSums(Shape shape, int parts) {
    this.parts = parts;
    blocks = Layout.blocks(shape);
    counts = new int[parts * blocks];
    first = new double[parts * blocks * BLOCK];
    second = new double[parts * blocks * BLOCK];
    lanes = new float[2 * parts * blocks * BLOCK];
  }

  @Override
  public void begin() {
    Arrays.fill(counts, 0);
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
  }

  @Override
  public final void add(int part, int block, int at, int positions, int planes, int stride) {
    int slot = part * blocks + block;
    if (counts[slot] == 0) {
      start(slot, at, positions, planes, stride);
    }
    counts[slot] += positions * planes;
    int together = Math.max(1, POSITIONS_PER_SUM / positions);
    for (int plane = 0; plane < planes; plane += together) {
      int count = Math.min(together, planes - plane);
      for (int begin = 0; begin < positions; begin += POSITIONS_PER_SUM) {
        int length = Math.min(POSITIONS_PER_SUM, positions - begin);
        int from = at + plane * stride + begin * BLOCK;
        addLanes(slot, block, from, length, count, stride);
      }
    }
  }

  private void addLanes(int slot, int block, int at, int positions, int planes, int stride) {
    int to = 2 * slot * BLOCK;
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int channel = block * BLOCK + lane;
      sum(slot * BLOCK + lane, channel, at + lane, positions, planes, stride, lanes, to + lane);
    }
    for (int i = 0; i < BLOCK; i++) {
      first[slot * BLOCK + i] += lanes[to + i];
      second[slot * BLOCK + i] += lanes[to + BLOCK + i];
    }
  }

  /** Called before the first positions of a part of a block are added. */
  void start(int slot, int at, int positions, int planes, int stride) {}

  /**
   * Sums one vector of lanes, of channels from {@code channel} on, over positions as in {@link
   * #add} and stores the two sums at {@code to0} and one block further.
   *
   * @param lane the lane among those of all parts
   */
  abstract void sum(
      int lane, int channel, int at, int positions, int planes, int stride, float[] to, int to0);

  /** Adds the parts up, in order, to totals that hold 0 for every lane of every block. */
  final void addUp(double[] firstTotals, double[] secondTotals) {
    int step = blocks * BLOCK;
    for (int part = 0; part < parts; part++) {
      for (int i = 0; i < step; i++) {
        firstTotals[i] += first[part * step + i];
        secondTotals[i] += second[part * step + i];
      }
    }
  }

  /** Adds the whole tensor up in a pass of its own; one part for each group of {@code tiles}. */
  public final Step pass(TileRunner runner, ChannelTiles tiles) {
    TileBody body =
        (tile, scratch) ->
            add(
                tiles.group(tile),
                tiles.block(tile),
                tiles.start(tiles.from(tile), tiles.block(tile)),
                tiles.plane / BLOCK,
                tiles.to(tile) - tiles.from(tile),
                tiles.blocks * tiles.plane);
    return () -> {
      begin();
      runner.run(tiles.tiles(), body);
    };
  }
}
