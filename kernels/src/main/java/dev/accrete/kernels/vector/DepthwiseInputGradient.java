package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.WIDTH;

/**
 * The input gradient of a depthwise convolution. Stride 1 is the correlation of the padded dy with
 * the reversed taps; 3x3 with stride 2 gathers every cell of 2x2 results from the four gradients
 * that reach it; anything else adds dy up into a padded plane.
 */
final class DepthwiseInputGradient implements TileBody {
  private final ConvGeometry g;
  private final DepthwiseWeights weights;
  private final TileRunner runner;
  private final boolean correlates;
  private final boolean cells;
  private final PaddedBand band;
  private final DepthwiseKernels kernels;
  private final int lines;
  private final int scratchFloats;
  private float[] dy = new float[0];
  private int dy0;
  private float[] dx = new float[0];
  private int dx0;

  DepthwiseInputGradient(ConvGeometry geometry, DepthwiseWeights weights, TileRunner runner) {
    g = geometry;
    this.weights = weights;
    this.runner = runner;
    correlates = g.strideH() == 1 && g.strideW() == 1;
    cells = g.strideH() == 2 && g.strideW() == 2 && g.kernelH() == 3 && g.kernelW() == 3;
    if (correlates) {
      int width = g.width() + g.kernelW() - 1;
      int left = g.kernelW() - 1 - g.padW();
      band = new PaddedBand(g.outHeight(), g.outWidth(), -left, width);
      lines = DepthwiseConvolution.bandLines(band.row(), g.height());
      scratchFloats = Tiles.FIRST + (lines + g.kernelH() - 1) * band.row();
    } else if (cells) {
      band = new PaddedBand(g.outHeight(), g.outWidth(), g.padW() / 2 - 1, cellColumns() + 1);
      lines = DepthwiseConvolution.bandLines(band.row(), cellLines());
      scratchFloats = Tiles.FIRST + (lines + 1) * band.row() + 4 * cellColumns() * BLOCK;
    } else {
      band = new PaddedBand(g.height(), g.width(), -g.padW(), g.width() + 2 * g.padW());
      lines = g.outHeight();
      scratchFloats = Tiles.FIRST + (g.height() + 2 * g.padH()) * band.row();
    }
    kernels = new DepthwiseKernels(g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), band.row());
    runner.reserve(scratchFloats);
  }

  /** Cells of 2 columns, from the one that holds padded column padW to the last. */
  private int cellColumns() {
    return (g.width() + g.padW() - 1) / 2 - g.padW() / 2 + 1;
  }

  private int cellLines() {
    return (g.height() + g.padH() - 1) / 2 - g.padH() / 2 + 1;
  }

  void run(float[] newDy, int newDy0, float[] newDx, int newDx0) {
    dy = newDy;
    dy0 = newDy0;
    dx = newDx;
    dx0 = newDx0;
    int planes = g.images() * Blocks.count(g.channels());
    int each = DepthwiseConvolution.planesPerTile(g.height() * g.width());
    runner.run(Math.ceilDiv(planes, each), this);
  }

  @Override
  public void run(int tile, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats);
    int blocks = Blocks.count(g.channels());
    int each = DepthwiseConvolution.planesPerTile(g.height() * g.width());
    int last = Math.min(g.images() * blocks, (tile + 1) * each);
    for (int plane = tile * each; plane < last; plane++) {
      int from = dy0 + plane * g.outPositions() * BLOCK;
      int to = dx0 + plane * g.height() * g.width() * BLOCK;
      if (correlates) {
        correlate(from, weights.offset(plane % blocks), to, work);
      } else if (cells) {
        gatherCells(from, weights.offset(plane % blocks), to, work);
      } else {
        spread(from, weights.offset(plane % blocks), to, work);
      }
    }
  }

  private void correlate(int from, int w0, int to, float[] work) {
    int row = g.width() * BLOCK;
    int above = g.kernelH() - 1 - g.padH();
    for (int line = 0; line < g.height(); line += lines) {
      int count = Math.min(lines, g.height() - line);
      int staged = count + g.kernelH() - 1;
      band.load(dy, from, ChannelAffine.IDENTITY, 0, line - above, staged, work, Tiles.FIRST);
      kernels.correlate(
          work, Tiles.FIRST, weights.reversed(), w0, dx, to + line * row, row, count, g.width());
    }
  }

  private void gatherCells(int from, int w0, int to, float[] work) {
    int columns = cellColumns();
    int pair = Tiles.FIRST + (lines + 1) * band.row();
    int pairRow = 2 * columns * BLOCK;
    // Padded column 2 * (padW / 2) is the first of the first cell; column padW is the first of dx.
    int skip = g.padW() % 2;
    for (int cell = 0; cell < cellLines(); cell += lines) {
      int count = Math.min(lines, cellLines() - cell);
      int firstLine = g.padH() / 2 + cell - 1;
      band.load(dy, from, ChannelAffine.IDENTITY, 0, firstLine, count + 1, work, Tiles.FIRST);
      for (int i = 0; i < count; i++) {
        int source = Tiles.FIRST + i * band.row();
        for (int lane = 0; lane < BLOCK; lane += WIDTH) {
          Gradient3x3.stride2(
              work,
              source + lane,
              band.row(),
              weights.data(),
              w0 + lane,
              work,
              pair + lane,
              pairRow,
              columns);
        }
        for (int odd = 0; odd < 2; odd++) {
          int h = 2 * (g.padH() / 2 + cell + i) + odd - g.padH();
          if (h >= 0 && h < g.height()) {
            int row = pair + odd * pairRow + skip * BLOCK;
            System.arraycopy(work, row, dx, to + h * g.width() * BLOCK, g.width() * BLOCK);
          }
        }
      }
    }
  }

  private void spread(int from, int w0, int to, float[] work) {
    int padded = g.height() + 2 * g.padH();
    Blocks.clear(work, Tiles.FIRST, padded * band.width());
    int dyRow = g.outWidth() * BLOCK;
    kernels.spread(
        dy, from, dyRow, g.outHeight(), g.outWidth(), weights.data(), w0, work, Tiles.FIRST);
    for (int h = 0; h < g.height(); h++) {
      int row = Tiles.FIRST + (h + g.padH()) * band.row() + g.padW() * BLOCK;
      System.arraycopy(work, row, dx, to + h * g.width() * BLOCK, g.width() * BLOCK);
    }
  }
}
