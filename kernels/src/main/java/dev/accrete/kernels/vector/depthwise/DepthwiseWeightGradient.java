package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;

/**
 * The weight gradient of a depthwise convolution: a tile adds up the planes of one channel block
 * over a range of images; the ranges, fixed by the extents, are then added in order.
 */
final class DepthwiseWeightGradient implements TileBody {
  private static final int TILES = 64;

  private final ConvGeometry g;
  private final TileRunner runner;
  private final PaddedBand band;
  private final DepthwiseKernels kernels;
  private final int lines;
  private final int gradientAt;
  private final int scratchFloats;
  private final int blocks;
  private final int taps;
  private final int ranges;
  private final float[] partials;
  private Source x = Mapped.NOTHING;
  private Source dy = Mapped.NOTHING;

  DepthwiseWeightGradient(ConvGeometry geometry, TileRunner runner) {
    g = geometry;
    this.runner = runner;
    band = DepthwiseConvolution.band(g);
    kernels = DepthwiseConvolution.kernels(g, band);
    lines = DepthwiseConvolution.bandLines(g.strideH() * band.row(), g.outHeight());
    gradientAt = Arena.BASE + DepthwiseConvolution.stagedLines(g, lines) * band.row();
    scratchFloats = gradientAt + lines * g.outWidth() * BLOCK;
    blocks = Blocks.count(g.channels());
    taps = g.kernelH() * g.kernelW();
    ranges = Math.clamp(TILES / blocks, 1, g.images());
    partials = new float[Arena.BASE + ranges * blocks * taps * BLOCK];
    runner.reserve(scratchFloats);
  }

  void run(Source newX, Source newDy, float[] dw, int dw0) {
    x = newX;
    dy = newDy;
    runner.run(ranges * blocks, this);
    int step = blocks * taps * BLOCK;
    for (int c = 0; c < g.channels(); c++) {
      int from = Arena.BASE + c / BLOCK * taps * BLOCK + c % BLOCK;
      for (int tap = 0; tap < taps; tap++) {
        float sum = partials[from + tap * BLOCK];
        for (int range = 1; range < ranges; range++) {
          sum += partials[from + tap * BLOCK + range * step];
        }
        dw[dw0 + c * taps + tap] = sum;
      }
    }
  }

  @Override
  public void run(int tile, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats);
    int range = tile / blocks;
    int block = tile % blocks;
    int to = Arena.BASE + tile * taps * BLOCK;
    Arrays.fill(partials, to, to + taps * BLOCK, 0f);
    int last = (int) ((long) g.images() * (range + 1) / ranges);
    for (int n = (int) ((long) g.images() * range / ranges); n < last; n++) {
      plane(n * blocks + block, block, work, to);
    }
  }

  private void plane(int plane, int block, float[] work, int to) {
    int from = plane * g.height() * g.width() * BLOCK;
    int dyRow = g.outWidth() * BLOCK;
    for (int line = 0; line < g.outHeight(); line += lines) {
      int count = Math.min(lines, g.outHeight() - line);
      int firstLine = line * g.strideH() - g.padH();
      int staged = DepthwiseConvolution.stagedLines(g, count);
      band.load(x, from, block * BLOCK, firstLine, staged, work, Arena.BASE, false);
      int at = (plane * g.outHeight() + line) * dyRow;
      float[] gradient = work;
      int gradient0 = gradientAt;
      if (dy.isPlain()) {
        gradient = dy.base().floats;
        gradient0 = dy.base().offset + at;
      } else {
        dy.copy(at, work, gradientAt, count * g.outWidth(), block * BLOCK);
      }
      kernels.weights(
          work, Arena.BASE, gradient, gradient0, dyRow, count, g.outWidth(), partials, to);
    }
  }
}
