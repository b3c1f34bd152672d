package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.ProductKernels.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.product.OuterKernels;
import dev.accrete.kernels.vector.product.Tiles;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * Both gradients of a 1x1 convolution in one pass: a tile of rows of dy is loaded once into the
 * second-level cache, multiplied with the weights to rows of dx and with the same rows of x to a
 * partial sum of dw. Not for large weights, whose partial sums would not stay in the cache.
 */
final class PointGradients implements BothGradients, TileBody {
  /** Most weights of a convolution to do in one pass. */
  private static final int MOST_WEIGHTS = 1 << 17;

  /** Floats of dy and x of a tile. */
  private static final int CACHED = 64 * 1024;

  private static final int MOST_ROWS = 256;

  /** Most ranges of tiles, each with a sum of its own. */
  private static final int RANGES = 32;

  /** Floats of all partial sums together. */
  private static final int PARTIALS = 1 << 20;

  /** Most rows of a chunk: two column blocks and one of dy's fit the first-level cache. */
  private static final int CHUNK = 128;

  private final ConvGeometry g;
  private final TileRunner runner;
  private final PatchMatrix points;
  private final PatchProduct product;
  private final WeightSums sums;
  private final int ranges;
  private final int xAt;
  private Source x = Mapped.NOTHING;

  /** The gradients of a convolution that {@link #fits}. */
  PointGradients(
      ConvGeometry g,
      PatchMatrix points,
      PatchMatrix rows,
      PackedWeights weights,
      TileRunner runner) {
    this.g = g;
    this.runner = runner;
    this.points = points;
    product = PatchProduct.backward(rows, points, weights, g, rows(g), runner);
    int size = WeightSums.size(g, points, rows);
    ranges = Math.clamp(PARTIALS / size, 1, Math.min(RANGES, product.parts()));
    sums = new WeightSums(g, points, rows, ranges, runner);
    xAt = product.scratchFloats();
    runner.reserve(scratchFloats());
  }

  static boolean fits(ConvGeometry g) {
    return g.isPointwise()
        && g.groups() == 1
        && !g.planarInput()
        && g.channels() * g.outChannels() <= MOST_WEIGHTS;
  }

  /** A power of two of whole planes, for even shares of work, or equal parts of a plane. */
  private static int rows(ConvGeometry g) {
    int depth = (Blocks.count(g.channels()) + Blocks.count(g.outChannels())) * BLOCK;
    int most = Math.min(MOST_ROWS, CACHED / depth);
    int positions = g.outPositions();
    if (positions > most) {
      return Tiles.rows(depth, most, positions);
    }
    return Integer.highestOneBit(Math.min(most / positions, g.images())) * positions;
  }

  private int scratchFloats() {
    return xAt + points.blocks() * product.layout().block();
  }

  @Override
  public int parts() {
    return product.parts();
  }

  @Override
  public boolean inPlace() {
    // A tile has loaded its rows of dy before it writes the same rows of dx.
    return g.channels() == g.outChannels();
  }

  @Override
  public void run(
      Source dy, Source newX, float[] dx, int dx0, Epilogue epilogue, float[] dw, int dw0) {
    x = newX;
    product.use(dy, dx, dx0, epilogue, runner);
    sums.begin();
    runner.run(ranges, this);
    sums.store(dw, dw0, runner);
  }

  @Override
  public void run(int range, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats());
    int first = product.parts() * range / ranges;
    int last = product.parts() * (range + 1) / ranges;
    for (int tile = first; tile < last; tile++) {
      product.runStaged(tile, work);
      int count = product.rowCount(tile);
      int row = product.firstRow(tile);
      points.gather(x, 0, 0, points.blocks(), row, count, work, xAt, product.layout());
      for (int done = 0; done < count; done += CHUNK) {
        add(range, done, Math.min(CHUNK, count - done), work, tile > first || done > 0);
      }
    }
  }

  private void add(int range, int row, int count, float[] work, boolean add) {
    int stride = product.layout().block();
    int at = row * BLOCK;
    for (int block = 0; block < points.blocks(); block += 2) {
      int pair = Math.min(2, points.blocks() - block);
      int b = xAt + block * stride + at;
      int c = sums.offset(range, 0, block);
      for (int k = 0; k < g.outChannels(); k += OuterKernels.ROWS) {
        int a = Tiles.FIRST + k / BLOCK * stride + k % BLOCK + at;
        sums.multiply(work, a, 0, 1, count, work, b, pair, stride, c + k * PANEL, add);
      }
    }
  }
}
