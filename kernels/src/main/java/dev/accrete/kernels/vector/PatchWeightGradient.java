package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.SPECIES;
import static dev.accrete.kernels.vector.Lanes.WIDTH;
import static dev.accrete.kernels.vector.ProductKernels.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * {@code dw[k][j] = sum over rows of dy[row][k] * patch[row][j]}: the weight gradient of a
 * convolution.
 *
 * <p>The result is cut in output channels and patch columns, the sum into ranges of rows; how
 * depends on the extents only. Each tile adds its product up in the cache, chunk of rows by chunk
 * of rows; then the ranges are added in order. Large weights are cut into few ranges (their sum
 * would cost more than it saves), small ones into many.
 */
final class PatchWeightGradient implements TileBody {
  private static final int TILES = 32;

  /** Floats of all partial sums together. */
  private static final int PARTIALS = 1 << 21;

  /** Most rows of a chunk: two column blocks and one of dy's fit the first-level cache. */
  private static final int CHUNK = 128;

  /** Chunks that a range should have, for its sum to be worth adding up. */
  private static final int LEAST_CHUNKS = 8;

  /** Positions of a plane below which dy is gathered like x. */
  private static final int LEAST_RUN = 32;

  private final ConvGeometry geometry;
  private final PatchMatrix patches;
  private final PatchMatrix rows;
  private final int totalRows;
  private final int chunk;
  private final int ranges;
  private final int columnCuts;
  private final int channelCuts;
  private final int columns;
  private final int channels;
  private final int[] canonical;
  private final boolean canonicalOrder;
  private final TileBody sum = this::sumRows;
  private float[] partials = new float[0];

  private Source x = Mapped.NOTHING;
  private Source dy = Mapped.NOTHING;
  private float[] dw = new float[0];
  private int dw0;

  /** The gradient of a convolution with these patches of x and {@code rows} of y. */
  PatchWeightGradient(
      ConvGeometry geometry, PatchMatrix patches, PatchMatrix rows, TileRunner runner) {
    this.geometry = geometry;
    this.patches = patches;
    this.rows = rows;
    totalRows = geometry.images() * geometry.outPositions();
    chunk = chunkRows(geometry.outPositions());
    columns = Math.ceilDiv(patches.blocks(), 2) * PANEL;
    channels = rows.blocks() * BLOCK;
    int size = geometry.groups() * channels * columns;
    int most = Math.ceilDiv(Math.ceilDiv(totalRows, chunk), LEAST_CHUNKS);
    ranges = Math.clamp(Math.min(PARTIALS / size, TILES / geometry.groups()), 1, most);
    int cuts = Math.max(1, TILES / ranges / geometry.groups());
    channelCuts = Math.min(rows.blocks(), 1 << ((31 - Integer.numberOfLeadingZeros(cuts)) / 2));
    columnCuts = Math.clamp(cuts / channelCuts, 1, Math.ceilDiv(patches.blocks(), 2));
    canonical = new int[patches.blocks() * BLOCK];
    boolean identity = true;
    for (int j = 0; j < canonical.length; j++) {
      canonical[j] = patches.canonical(j);
      identity &= canonical[j] == j;
    }
    canonicalOrder = identity;
    runner.reserve(scratchFloats());
  }

  /**
   * Rows of a chunk: whole planes, or equal parts of a plane if there are any that are not small,
   * so that rows of dy can be read where they lie.
   */
  private static int chunkRows(int positions) {
    if (positions <= CHUNK) {
      return CHUNK / positions * positions;
    }
    for (int rows = CHUNK; rows >= CHUNK / 2; rows--) {
      if (positions % rows == 0) {
        return rows;
      }
    }
    return CHUNK;
  }

  private int scratchFloats() {
    return Tiles.FIRST + chunk * (BLOCK * (patches.blocks() + rows.blocks()));
  }

  void run(Source newX, Source newDy, float[] newDw, int newDw0, TileRunner runner) {
    x = newX;
    dy = newDy;
    dw = newDw;
    dw0 = newDw0;
    if (partials.length == 0) {
      partials = new float[Tiles.FIRST + ranges * geometry.groups() * channels * columns];
    }
    runner.run(geometry.groups() * ranges * columnCuts * channelCuts, this);
    runner.run(Math.ceilDiv(geometry.outChannels(), BLOCK), sum);
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
    int to = Tiles.FIRST + (range * geometry.groups() + group) * channels * columns;
    for (int row = begin; row < end; row += chunk) {
      int count = Math.min(chunk, end - row);
      addChunk(group, firstBlock, lastBlock, firstOut, lastOut, row, count, work, to, row > begin);
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
      int to,
      boolean add) {
    int stride = chunk * BLOCK;
    int blocks = lastBlock - firstBlock;
    int b0 = Tiles.FIRST;
    patches.gather(x, group, firstBlock, blocks, row, count, work, b0, stride);
    int positions = geometry.outPositions();
    int inPlane = Math.min(count, positions - row % positions);
    boolean planes = inPlane == positions && count % positions == 0 && positions >= LEAST_RUN;
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
      rows.gather(dy, group, firstOut, outs, row, count, work, a0, stride);
    }
    int used = Math.min(geometry.groupOutChannels(), lastOut * BLOCK);
    for (int block = 0; block < blocks; block += 2) {
      int pair = Math.min(2, blocks - block);
      int b = b0 + block * stride;
      int c = to + (firstBlock + block) / 2 * channels * PANEL;
      for (int k = firstOut * BLOCK; k < used; k += OuterKernels.ROWS) {
        int lane = a0 + (k / BLOCK - firstOut) * aStride + k % BLOCK;
        multiply(a, lane, aStep, count / run, run, work, b, pair, stride, c + k * PANEL, add);
      }
    }
  }

  /** Eight output channels times one or two column blocks, plane by plane. */
  private void multiply(
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
    for (int lane = 0; lane < blocks * BLOCK; lane += 2 * WIDTH) {
      int first = b0 + lane / BLOCK * stride + lane % BLOCK;
      int next = lane + WIDTH;
      int second = b0 + next / BLOCK * stride + next % BLOCK;
      for (int i = 0; i < runs; i++) {
        int ai = a0 + i * aStep;
        int bi = i * run * BLOCK;
        if (next < blocks * BLOCK) {
          OuterKernels.rows8x2(
              a, ai, b, first + bi, second + bi, run, partials, c0 + lane, add || i > 0);
        } else {
          OuterKernels.rows8x1(a, ai, b, first + bi, run, partials, c0 + lane, add || i > 0);
        }
      }
    }
  }

  /** Adds the ranges of 16 output channels up and stores them in canonical order. */
  private void sumRows(int tile, Scratch scratch) {
    int last = Math.min(geometry.outChannels(), (tile + 1) * BLOCK);
    int row = geometry.weightRow();
    float[] work = canonicalOrder ? dw : scratch.floats(scratchFloats());
    for (int k = tile * BLOCK; k < last; k++) {
      int group = k / geometry.groupOutChannels();
      int from = Tiles.FIRST + group * channels * columns + k % geometry.groupOutChannels() * PANEL;
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
