package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
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
    ranges = Math.clamp(Tiling.BOTH_PARTIALS / size, 1, Math.min(Tiling.TILES, product.parts()));
    sums = new WeightSums(g, points, rows, ranges, runner);
    xAt = product.scratchFloats();
    runner.reserve(scratchFloats());
  }

  static boolean fits(ConvGeometry g) {
    return g.isPointwise()
        && g.groups() == 1
        && !g.planarInput()
        && g.channels() * g.outChannels() <= Tiling.BOTH_WEIGHTS;
  }

  /** A power of two of whole planes, for even shares of work, or equal parts of a plane. */
  private static int rows(ConvGeometry g) {
    int depth = (Blocks.count(g.channels()) + Blocks.count(g.outChannels())) * BLOCK;
    int most = Math.min(Tiling.BOTH_ROWS, Tiling.BOTH_CACHED / depth);
    int positions = g.outPositions();
    if (positions > most) {
      return Tiling.rows(depth, most, positions);
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
      for (int done = 0; done < count; done += Tiling.CHUNK) {
        add(range, done, Math.min(Tiling.CHUNK, count - done), work, tile > first || done > 0);
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
      for (int k = 0; k < g.outChannels(); k += BLOCK) {
        int a = Arena.BASE + k / BLOCK * stride + at;
        sums.multiply(work, a, 0, 1, count, work, b, pair, stride, c + k * PANEL, add);
      }
    }
  }
}
