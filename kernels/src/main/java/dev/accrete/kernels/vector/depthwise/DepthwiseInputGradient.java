package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * The input gradient of a depthwise convolution. Stride 1 is the correlation of the padded dy with
 * the reversed taps; 3x3 with stride 2 gathers every cell of 2x2 results from the four gradients
 * that reach it; anything else adds dy up into a padded plane.
 */
final class DepthwiseInputGradient implements TileBody, PlaneTiles.PlaneBody {
  private final ConvGeometry g;
  private final DepthwiseWeights weights;
  private final TileRunner runner;
  private final boolean correlates;
  private final boolean cells;
  private final PaddedBand band;
  private final DepthwiseKernels kernels;
  private final int lines;
  private final int scratchFloats;
  private final PlaneTiles tiles;
  private Source dy = Mapped.NOTHING;
  private float[] dx = new float[0];
  private int dx0;
  private Epilogue epilogue = Epilogue.NONE;

  DepthwiseInputGradient(ConvGeometry geometry, DepthwiseWeights weights, TileRunner runner) {
    g = geometry;
    this.weights = weights;
    this.runner = runner;
    correlates = g.strideH() == 1 && g.strideW() == 1;
    cells = gathersCells(g);
    if (correlates) {
      int width = g.width() + g.kernelW() - 1;
      int left = g.kernelW() - 1 - g.padW();
      band = new PaddedBand(g.outHeight(), g.outWidth(), -left, width);
      lines = DepthwiseConvolution.bandLines(band.row(), g.height());
      scratchFloats = Arena.BASE + (lines + g.kernelH() - 1) * band.row();
    } else if (cells) {
      band = new PaddedBand(g.outHeight(), g.outWidth(), g.padW() / 2 - 1, cellColumns() + 1);
      lines = DepthwiseConvolution.bandLines(band.row(), cellLines());
      scratchFloats = Arena.BASE + (lines + 1) * band.row() + 4 * cellColumns() * BLOCK;
    } else {
      band = new PaddedBand(g.height(), g.width(), -g.padW(), g.width() + 2 * g.padW());
      lines = g.outHeight();
      int padded = (g.height() + 2 * g.padH()) * band.row();
      scratchFloats = Arena.BASE + padded + g.outPositions() * BLOCK;
    }
    tiles = new PlaneTiles(g.images(), Blocks.count(g.channels()), g.height() * g.width());
    kernels = new DepthwiseKernels(g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), band.row());
    runner.reserve(scratchFloats);
  }

  /** Whether cells of 2x2 results are gathered. */
  static boolean gathersCells(ConvGeometry g) {
    return g.strideH() == 2 && g.strideW() == 2 && g.kernelH() == 3 && g.kernelW() == 3;
  }

  /** Cells of 2 columns, from the one that holds padded column padW to the last. */
  private int cellColumns() {
    return (g.width() + g.padW() - 1) / 2 - g.padW() / 2 + 1;
  }

  private int cellLines() {
    return (g.height() + g.padH() - 1) / 2 - g.padH() / 2 + 1;
  }

  void run(Source newDy, float[] newDx, int newDx0, Epilogue newEpilogue) {
    dy = newDy;
    dx = newDx;
    dx0 = newDx0;
    epilogue = newEpilogue;
    runner.run(tiles.tiles(), this);
  }

  /** The parts in which an epilogue gets dx. */
  int parts() {
    return tiles.parts();
  }

  @Override
  public void run(int tile, Scratch scratch) {
    tiles.run(tile, this, scratch.floats(scratchFloats), epilogue);
  }

  @Override
  public void begin(float[] work) {
    if (isOneBand()) {
      int staged = correlates ? g.height() + g.kernelH() - 1 : cellLines() + 1;
      Blocks.clear(work, Arena.BASE, staged * band.width());
    }
  }

  /** Whether one band makes a plane, so that its padding is cleared but once in a tile. */
  boolean isOneBand() {
    return (correlates || cells) && lines >= allLines();
  }

  @Override
  public void run(int part, int plane, int block, float[] work) {
    int from = plane * g.outPositions() * BLOCK;
    int to = dx0 + plane * g.height() * g.width() * BLOCK;
    dy.prepare(from, g.outPositions(), block * BLOCK);
    if (!correlates && !cells) {
      spread(from, block, to, work);
      return;
    }
    for (int line = 0; line < allLines(); line += lines) {
      band(dy, from, block, line, dx, to, work);
    }
  }

  /** Floats of scratch memory. */
  int scratchFloats() {
    return scratchFloats;
  }

  /** Lines of a band: of dx, or pairs of lines if they are gathered from cells. */
  int lines() {
    return lines;
  }

  /** The sum of the lines of all bands. */
  int allLines() {
    return correlates ? g.height() : cellLines();
  }

  /** Floats of one line of dy in scratch memory. */
  int bandRow() {
    return band.row();
  }

  /**
   * Where the line of dy that has the number of the band's first lies in scratch memory after
   * {@link #band}; the others follow.
   */
  int bandLine() {
    int above = correlates ? g.kernelH() - 1 - g.padH() : 1 - g.padH() / 2;
    return Arena.BASE + above * band.row() - band.firstColumn() * BLOCK;
  }

  /** Does the band from {@code line} on of a plane, which begins at {@code from} in dy. */
  void band(Source gradient, int from, int block, int line, float[] to, int to0, float[] work) {
    if (correlates) {
      correlate(gradient, from, block, line, to, to0, work);
    } else {
      gatherCells(gradient, from, block, line, to, to0, work);
    }
  }

  private void correlate(
      Source gradient, int from, int block, int line, float[] to, int to0, float[] work) {
    int row = g.width() * BLOCK;
    int above = g.kernelH() - 1 - g.padH();
    int count = Math.min(lines, g.height() - line);
    int staged = count + g.kernelH() - 1;
    band.load(gradient, from, block * BLOCK, line - above, staged, work, Arena.BASE, isOneBand());
    kernels.correlate(
        work,
        Arena.BASE,
        weights.reversed(),
        weights.offset(block),
        to,
        to0 + line * row,
        row,
        count,
        g.width());
  }

  private void gatherCells(
      Source gradient, int from, int block, int cell, float[] to, int to0, float[] work) {
    int columns = cellColumns();
    int pair = Arena.BASE + (lines + 1) * band.row();
    int pairRow = 2 * columns * BLOCK;
    // Padded column 2 * (padW / 2) is the first of the first cell; column padW is the first of dx.
    int skip = g.padW() % 2;
    int count = Math.min(lines, cellLines() - cell);
    int firstLine = g.padH() / 2 + cell - 1;
    band.load(gradient, from, block * BLOCK, firstLine, count + 1, work, Arena.BASE, isOneBand());
    for (int i = 0; i < count; i++) {
      int source = Arena.BASE + i * band.row();
      for (int lane = 0; lane < BLOCK; lane += WIDTH) {
        Gradient3x3.stride2(
            work,
            source + lane,
            band.row(),
            weights.data(),
            weights.offset(block) + lane,
            work,
            pair + lane,
            pairRow,
            columns);
      }
      for (int odd = 0; odd < 2; odd++) {
        int h = 2 * (g.padH() / 2 + cell + i) + odd - g.padH();
        if (h >= 0 && h < g.height()) {
          int row = pair + odd * pairRow + skip * BLOCK;
          System.arraycopy(work, row, to, to0 + h * g.width() * BLOCK, g.width() * BLOCK);
        }
      }
    }
  }

  private void spread(int from, int block, int to, float[] work) {
    int w0 = weights.offset(block);
    int padded = g.height() + 2 * g.padH();
    int staged = Arena.BASE + padded * band.row();
    dy.copy(from, work, staged, g.outPositions(), block * BLOCK);
    Blocks.clear(work, Arena.BASE, padded * band.width());
    int dyRow = g.outWidth() * BLOCK;
    kernels.spread(
        work, staged, dyRow, g.outHeight(), g.outWidth(), weights.data(), w0, work, Arena.BASE);
    for (int h = 0; h < g.height(); h++) {
      int row = Arena.BASE + (h + g.padH()) * band.row() + g.padW() * BLOCK;
      System.arraycopy(work, row, dx, to + h * g.width() * BLOCK, g.width() * BLOCK);
    }
  }
}
