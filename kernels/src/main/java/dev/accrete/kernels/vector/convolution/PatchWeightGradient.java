package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * {@code dw[k][j] = sum over rows of dy[row][k] * patch[row][j]}: the weight gradient of a
 * convolution.
 *
 * <p>The result is cut in output channels and patch columns, the sum into ranges of rows; how
 * depends on the extents only. Each tile adds its product up in the cache, chunk of rows by chunk
 * of rows; then the ranges are added in order. Large weights are cut into few ranges (their sum
 * would cost more than it saves), small ones into many.
 */
public final class PatchWeightGradient implements TileBody {
  private final ConvGeometry geometry;
  private final PatchMatrix patches;
  private final PatchMatrix rows;
  private final int totalRows;
  private final int chunk;
  private final int ranges;
  private final int columnCuts;
  private final int channelCuts;
  private final WeightSums sums;
  private final RowLayout layout;
  private Source x = Mapped.NOTHING;
  private Source dy = Mapped.NOTHING;

  /** The gradient of a convolution with these patches of x and {@code rows} of y. */
  public PatchWeightGradient(
      ConvGeometry geometry, PatchMatrix patches, PatchMatrix rows, TileRunner runner) {
    this.geometry = geometry;
    this.patches = patches;
    this.rows = rows;
    totalRows = geometry.images() * geometry.outPositions();
    chunk = chunkRows(geometry.outPositions());
    layout = RowLayout.byBlock(chunk);
    int size = WeightSums.size(geometry, patches, rows);
    int most = Math.ceilDiv(Math.ceilDiv(totalRows, chunk), Tiling.LEAST_CHUNKS);
    ranges =
        Math.clamp(Math.min(Tiling.PARTIALS / size, Tiling.TILES / geometry.groups()), 1, most);
    int cuts = Math.max(1, Tiling.CUT_BELOW / ranges / geometry.groups());
    channelCuts = Math.min(rows.blocks(), 1 << ((31 - Integer.numberOfLeadingZeros(cuts)) / 2));
    columnCuts = Math.clamp(cuts / channelCuts, 1, Math.ceilDiv(patches.blocks(), 2));
    sums = new WeightSums(geometry, patches, rows, ranges, runner);
    runner.reserve(scratchFloats());
  }

  /**
   * Rows of a chunk: whole planes, or equal parts of a plane if there are any that are not small,
   * so that rows of dy can be read where they lie.
   */
  private static int chunkRows(int positions) {
    if (positions <= Tiling.CHUNK) {
      return Tiling.CHUNK / positions * positions;
    }
    for (int rows = Tiling.CHUNK; rows >= Tiling.CHUNK / 2; rows--) {
      if (positions % rows == 0) {
        return rows;
      }
    }
    return Tiling.CHUNK;
  }

  private int scratchFloats() {
    return Arena.BASE + chunk * (BLOCK * (patches.blocks() + rows.blocks()));
  }

  /** Overwrites dw; both sources must be ready. */
  public void run(Source newX, Source newDy, float[] dw, int dw0, TileRunner runner) {
    x = newX;
    dy = newDy;
    sums.begin();
    runner.run(geometry.groups() * ranges * columnCuts * channelCuts, this);
    sums.store(dw, dw0, runner);
  }

  @Override
  public void run(int tile, Scratch scratch) {
    int channelCut = tile % channelCuts;
    int columnCut = tile / channelCuts % columnCuts;
    int range = tile / channelCuts / columnCuts % ranges;
    int group = tile / channelCuts / columnCuts / ranges;
    int pairs = Math.ceilDiv(patches.blocks(), 2);
    int firstBlock = pairs * columnCut / columnCuts * 2;
    int lastBlock = Math.min(patches.blocks(), pairs * (columnCut + 1) / columnCuts * 2);
    int firstOut = rows.blocks() * channelCut / channelCuts;
    int lastOut = rows.blocks() * (channelCut + 1) / channelCuts;
    int chunks = Math.ceilDiv(totalRows, chunk);
    int begin = (int) ((long) chunks * range / ranges) * chunk;
    int end = Math.min(totalRows, (int) ((long) chunks * (range + 1) / ranges) * chunk);
    float[] work = scratch.floats(scratchFloats());
    for (int row = begin; row < end; row += chunk) {
      int count = Math.min(chunk, end - row);
      addChunk(
          group, firstBlock, lastBlock, firstOut, lastOut, row, count, work, range, row > begin);
    }
  }

  private void addChunk(
      int group,
      int firstBlock,
      int lastBlock,
      int firstOut,
      int lastOut,
      int row,
      int count,
      float[] work,
      int range,
      boolean add) {
    int stride = layout.block();
    int blocks = lastBlock - firstBlock;
    int b0 = Arena.BASE;
    patches.gather(x, group, firstBlock, blocks, row, count, work, b0, layout);
    int positions = geometry.outPositions();
    int inPlane = Math.min(count, positions - row % positions);
    boolean planes =
        inPlane == positions && count % positions == 0 && positions >= Tiling.LEAST_RUN_TO_READ;
    boolean regular = dy.isPlain() && (inPlane == count || planes);
    int run = regular ? inPlane : count;
    int source = regular ? rows.direct(group, firstOut, row, run) : -1;
    float[] a = source < 0 ? work : dy.base().floats;
    int a0 = source < 0 ? b0 + blocks * stride : dy.base().offset + source;
    int aStride = source < 0 ? stride : rows.directStride();
    int aStep =
        source < 0 ? run * BLOCK : rows.directStride() * Blocks.count(geometry.outChannels());
    if (source < 0) {
      int outs = lastOut - firstOut;
      rows.gather(dy, group, firstOut, outs, row, count, work, a0, layout);
    }
    int used = Math.min(geometry.groupOutChannels(), lastOut * BLOCK);
    for (int block = 0; block < blocks; block += 2) {
      int pair = Math.min(2, blocks - block);
      int b = b0 + block * stride;
      int c = sums.offset(range, group, firstBlock + block);
      for (int k = firstOut * BLOCK; k < used; k += BLOCK) {
        int lane = a0 + (k / BLOCK - firstOut) * aStride;
        sums.multiply(a, lane, aStep, count / run, run, work, b, pair, stride, c + k * PANEL, add);
      }
    }
  }
}
