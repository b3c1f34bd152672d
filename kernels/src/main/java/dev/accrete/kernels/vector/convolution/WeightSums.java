package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.OuterKernels;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import jdk.incubator.vector.FloatVector;

/**
 * Partial sums of a weight gradient, one for each range of rows, in the order of the kernels:
 * element (k, j) of a group lies at {@code (j / 32 * channels + k) * 32 + j % 32}. The ranges are
 * added in order at the end.
 */
final class WeightSums implements TileBody {
  private final ConvGeometry geometry;
  private final int ranges;
  private final int columns;
  private final int channels;
  private final int[] canonical;
  private final boolean canonicalOrder;
  private float[] partials = new float[0];
  private float[] dw = new float[0];
  private int dw0;

  WeightSums(
      ConvGeometry geometry, PatchMatrix patches, PatchMatrix rows, int ranges, TileRunner runner) {
    this.geometry = geometry;
    this.ranges = ranges;
    columns = columns(patches);
    channels = rows.blocks() * BLOCK;
    canonical = new int[patches.blocks() * BLOCK];
    boolean identity = true;
    for (int j = 0; j < canonical.length; j++) {
      canonical[j] = patches.canonical(j);
      identity &= canonical[j] == j;
    }
    canonicalOrder = identity;
    runner.reserve(canonical.length);
  }

  private static int columns(PatchMatrix patches) {
    return Math.ceilDiv(patches.blocks(), 2) * PANEL;
  }

  /** Floats of one range. */
  static int size(ConvGeometry geometry, PatchMatrix patches, PatchMatrix rows) {
    return geometry.groups() * rows.blocks() * BLOCK * columns(patches);
  }

  /** Allocates the sums, at the first use. */
  void begin() {
    if (partials.length == 0) {
      partials = new float[Arena.BASE + ranges * geometry.groups() * channels * columns];
    }
  }

  /** Where the sums of channel 0 and of the pair of column blocks from {@code block} on begin. */
  int offset(int range, int group, int block) {
    int start = (range * geometry.groups() + group) * channels * columns;
    return Arena.BASE + start + block / 2 * channels * PANEL;
  }

  /**
   * 16 output channels times one or two column blocks. Rows lie in {@code runs} runs of {@code run}
   * rows: of a, {@code aStep} floats apart; of b, adjacent.
   */
  void multiply(
      float[] a,
      int a0,
      int aStep,
      int runs,
      int run,
      float[] b,
      int b0,
      int blocks,
      int stride,
      int c0,
      boolean add) {
    for (int i = 0; i < runs; i++) {
      int ai = a0 + i * aStep;
      int bi = b0 + i * run * BLOCK;
      OuterKernels.multiply(a, ai, b, bi, blocks, stride, run, partials, c0, add || i > 0);
    }
  }

  /** Adds the ranges up and stores dw in canonical order. */
  void store(float[] newDw, int newDw0, TileRunner runner) {
    dw = newDw;
    dw0 = newDw0;
    runner.run(Math.ceilDiv(geometry.outChannels(), BLOCK), this);
  }

  /** 16 output channels. */
  @Override
  public void run(int tile, Scratch scratch) {
    int last = Math.min(geometry.outChannels(), (tile + 1) * BLOCK);
    int row = geometry.weightRow();
    float[] work = canonicalOrder ? dw : scratch.floats(canonical.length);
    for (int k = tile * BLOCK; k < last; k++) {
      int group = k / geometry.groupOutChannels();
      int from = offset(0, group, 0) + k % geometry.groupOutChannels() * PANEL;
      int to = dw0 + k * row;
      sumRanges(from, work, canonicalOrder ? to : 0);
      for (int j = 0; !canonicalOrder && j < canonical.length; j++) {
        if (canonical[j] >= 0) {
          dw[to + canonical[j]] = work[j];
        }
      }
    }
  }

  private void sumRanges(int from, float[] to, int to0) {
    int step = geometry.groups() * channels * columns;
    for (int j = 0; j < canonical.length; j += WIDTH) {
      int at = from + j / PANEL * channels * PANEL + j % PANEL;
      FloatVector total = FloatVector.fromArray(SPECIES, partials, at);
      for (int range = 1; range < ranges; range++) {
        total = total.add(FloatVector.fromArray(SPECIES, partials, at + range * step));
      }
      total.intoArray(to, to0 + j);
    }
  }
}
