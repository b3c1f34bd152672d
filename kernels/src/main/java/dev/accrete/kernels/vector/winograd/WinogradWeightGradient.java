package dev.accrete.kernels.vector.winograd;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.winograd.WinogradTransforms.OUTPUTS;

import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.product.OuterKernels;
import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;

/**
 * The weight gradient of a convolution that {@link WinogradProduct#fits}: tiles of x and of dy
 * become numbers for each point, products of matrices sum them up over tiles, and the sums become
 * taps, in double precision: they are large beside what is left of them.
 *
 * <p>The sum over images is cut into ranges, the result into cuts of output channels; how depends
 * on the extents only. Ranges are added in order.
 */
final class WinogradWeightGradient implements TileBody {
  private final ConvGeometry g;
  private final TileRunner runner;
  private final int taps;
  private final int points;
  private final int groupBlocks;
  private final int groupOutBlocks;
  private final int pairs;
  private final int ranges;
  private final int cuts;
  private final WinogradTiles tiles;

  /** Images between two transforms, or 1 where bands share an image. */
  private final int unitImages;

  /** Rows of tiles of a band; all where a unit is whole images. */
  private final int bandRows;

  private final RowLayout layout;

  /** Floats from one point's numbers of x to the next, and of dy. */
  private final int xMatrix;

  private final int dyMatrix;
  private final int dyAt;
  private final int scratchAt;
  private final int scratchFloats;
  private final double[] factors;
  private final TileBody storeBlock = this::storeBlock;
  private float[] partials = new float[0];
  private Source x = Mapped.NOTHING;
  private Source dy = Mapped.NOTHING;
  private float[] dw = new float[0];
  private int dw0;

  WinogradWeightGradient(ConvGeometry g, TileRunner runner) {
    this.g = g;
    this.runner = runner;
    taps = g.kernelH();
    points = WinogradTransforms.points(taps);
    factors = WinogradTransforms.factors(taps);
    groupBlocks = g.groupChannels() / BLOCK;
    groupOutBlocks = g.groupOutChannels() / BLOCK;
    pairs = Math.ceilDiv(groupBlocks, 2);
    ranges =
        Math.clamp(
            Tiling.SQUARE_PARTIALS / rangeFloats(), 1, Math.min(Tiling.SQUARE_TILES, g.images()));
    int wanted = Math.ceilDiv(Tiling.SQUARE_TILES, ranges * g.groups());
    cuts = Math.clamp(wanted, 1, Math.max(1, groupOutBlocks / Tiling.SQUARE_CUT));
    tiles =
        new WinogradTiles(
            taps,
            g.groups() * groupBlocks,
            g.height(),
            g.width(),
            g.padH(),
            g.outHeight(),
            g.outWidth());
    int perImage = tiles.rows * tiles.columns;
    unitImages = Math.clamp(Tiling.SQUARES / perImage, 1, Math.ceilDiv(g.images(), ranges));
    bandRows = Math.clamp(Tiling.SQUARES / tiles.columns, 1, tiles.rows);
    int room = unitImages * bandRows * tiles.columns;
    layout = RowLayout.byBlock(Tiling.grouped(room));
    xMatrix = groupBlocks * layout.block();
    dyMatrix = Math.ceilDiv(groupOutBlocks, cuts) * layout.block();
    dyAt = Arena.BASE + points * points * xMatrix;
    scratchAt = dyAt + points * points * dyMatrix;
    scratchFloats = scratchAt + tiles.scratchFloats(bandRows);
    runner.reserve(scratchFloats);
  }

  /** Floats of the sums of one range. */
  private int rangeFloats() {
    return points * points * g.groups() * pairs * g.groupOutChannels() * PANEL;
  }

  private int storeDoubles() {
    return (points * points + points * taps + taps * taps) * BLOCK;
  }

  /** Where the sums of a pair of input blocks and output channel 0 of a group lie. */
  private int sumsAt(int range, int point, int group, int pair) {
    int matrix = (range * points * points + point) * g.groups() + group;
    return Arena.BASE + (matrix * pairs + pair) * g.groupOutChannels() * PANEL;
  }

  void run(Source newX, Source newDy, float[] newDw, int newDw0) {
    x = newX;
    dy = newDy;
    dw = newDw;
    dw0 = newDw0;
    if (partials.length == 0) {
      partials = new float[Arena.BASE + ranges * rangeFloats()];
    }
    runner.run(ranges * g.groups() * cuts, this);
    runner.run(g.groups() * groupOutBlocks, storeBlock);
  }

  @Override
  public void run(int tile, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats);
    int cut = tile % cuts;
    int group = tile / cuts % g.groups();
    int range = tile / cuts / g.groups();
    int firstBlock = groupOutBlocks * cut / cuts;
    int lastBlock = groupOutBlocks * (cut + 1) / cuts;
    int lastImage = g.images() * (range + 1) / ranges;
    boolean add = false;
    for (int image = g.images() * range / ranges; image < lastImage; image += unitImages) {
      int count = Math.min(unitImages, lastImage - image);
      for (int row = 0; row < tiles.rows; row += bandRows) {
        int rows = Math.min(bandRows, tiles.rows - row);
        for (int i = 0; i < count; i++) {
          int firstTile = i * rows * tiles.columns;
          loadX(image + i, group, row, rows, firstTile, work);
          loadDy(image + i, group, firstBlock, lastBlock, row, rows, firstTile, work);
        }
        multiply(range, group, firstBlock, lastBlock, count * rows * tiles.columns, add, work);
        add = true;
      }
    }
  }

  private void loadX(int image, int group, int row, int rows, int firstTile, float[] work) {
    for (int block = 0; block < groupBlocks; block++) {
      tiles.transform(
          x,
          image,
          group * groupBlocks + block,
          row,
          rows,
          work,
          scratchAt,
          Arena.BASE,
          xMatrix,
          layout,
          block,
          firstTile);
    }
  }

  /** Transforms dy, tile by tile; what lies beyond its edge is 0. */
  private void loadDy(
      int image, int group, int first, int last, int row, int rows, int firstTile, float[] work) {
    int half = scratchAt + OUTPUTS * OUTPUTS * BLOCK;
    for (int b = first; b < last; b++) {
      int block = group * groupOutBlocks + b;
      int plane = (image * g.groups() * groupOutBlocks + block) * g.outPositions() * BLOCK;
      for (int tile = 0; tile < rows * tiles.columns; tile++) {
        int h = (row + tile / tiles.columns) * OUTPUTS;
        int w = tile % tiles.columns * OUTPUTS;
        loadTile(plane, block, h, w, work);
        for (int i = 0; i < OUTPUTS; i++) {
          WinogradTransforms.gradient(
              taps,
              work,
              scratchAt + i * BLOCK,
              OUTPUTS * BLOCK,
              work,
              half + i * BLOCK,
              OUTPUTS * BLOCK);
        }
        int at = dyAt + layout.at(b - first, firstTile + tile);
        for (int i = 0; i < points; i++) {
          int line = half + i * OUTPUTS * BLOCK;
          int to = at + i * points * dyMatrix;
          WinogradTransforms.gradient(taps, work, line, BLOCK, work, to, dyMatrix);
        }
      }
    }
  }

  private void loadTile(int plane, int block, int h, int w, float[] work) {
    int columns = Math.min(OUTPUTS, g.outWidth() - w);
    int rows = Math.min(OUTPUTS, g.outHeight() - h);
    if (rows * columns < OUTPUTS * OUTPUTS) {
      Arrays.fill(work, scratchAt, scratchAt + OUTPUTS * OUTPUTS * BLOCK, 0f);
    }
    for (int i = 0; i < rows; i++) {
      int from = plane + ((h + i) * g.outWidth() + w) * BLOCK;
      dy.copy(from, work, scratchAt + i * OUTPUTS * BLOCK, columns, block * BLOCK);
    }
  }

  private void multiply(
      int range, int group, int first, int last, int count, boolean add, float[] work) {
    for (int point = 0; point < points * points; point++) {
      for (int pair = 0; pair < pairs; pair++) {
        int b = Arena.BASE + point * xMatrix + 2 * pair * layout.block();
        int c = sumsAt(range, point, group, pair);
        for (int k = first * BLOCK; k < last * BLOCK; k += BLOCK) {
          int block = k / BLOCK - first;
          int a = dyAt + point * dyMatrix + block * layout.block();
          int blocks = Math.min(2, groupBlocks - 2 * pair);
          OuterKernels.multiply(
              work, a, work, b, blocks, layout.block(), count, partials, c + k * PANEL, add);
        }
      }
    }
  }

  /** Makes taps of the sums of 16 output channels. */
  private void storeBlock(int tile, Scratch scratch) {
    double[] work = scratch.doubles(storeDoubles());
    int group = tile / groupOutBlocks;
    int half = points * points * BLOCK;
    int full = half + points * taps * BLOCK;
    for (int k = tile % groupOutBlocks * BLOCK; k < (tile % groupOutBlocks + 1) * BLOCK; k++) {
      int row = dw0 + (group * g.groupOutChannels() + k) * g.weightRow();
      for (int block = 0; block < groupBlocks; block++) {
        sumRanges(group, k, block, work);
        for (int i = 0; i < points; i++) {
          for (int tap = 0; tap < taps; tap++) {
            combine(work, i * BLOCK, points * BLOCK, tap, half + (tap * points + i) * BLOCK);
          }
        }
        for (int i = 0; i < taps; i++) {
          for (int tap = 0; tap < taps; tap++) {
            int line = half + i * points * BLOCK;
            combine(work, line, BLOCK, tap, full + (i * taps + tap) * BLOCK);
          }
        }
        int to = row + block * BLOCK * taps * taps;
        for (int t = 0; t < taps * taps; t++) {
          for (int lane = 0; lane < BLOCK; lane++) {
            dw[to + lane * taps * taps + t] = (float) work[full + t * BLOCK + lane];
          }
        }
      }
    }
  }

  /** The sums of one output channel and 16 input channels at all points. */
  private void sumRanges(int group, int k, int block, double[] to) {
    int column = k * PANEL + block % 2 * BLOCK;
    for (int point = 0; point < points * points; point++) {
      int at = sumsAt(0, point, group, block / 2) + column;
      int sum = point * BLOCK;
      Arrays.fill(to, sum, sum + BLOCK, 0);
      for (int range = 0; range < ranges; range++) {
        for (int lane = 0; lane < BLOCK; lane++) {
          to[sum + lane] += partials[at + lane];
        }
        at += rangeFloats();
      }
    }
  }

  /** The sum over points, each times the factor that a tap has there. */
  private void combine(double[] work, int at, int step, int tap, int to) {
    Arrays.fill(work, to, to + BLOCK, 0);
    for (int point = 0; point < points; point++) {
      double factor = factors[point * taps + tap];
      int from = at + point * step;
      for (int lane = 0; lane < BLOCK; lane++) {
        work[to + lane] += factor * work[from + lane];
      }
    }
  }
}
