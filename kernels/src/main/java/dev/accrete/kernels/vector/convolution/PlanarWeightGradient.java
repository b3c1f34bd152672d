package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;

/**
 * The weight gradient of a {@link PlanarConvolution}: a tile adds up a range of images, line by
 * line; the ranges, fixed by the extents, are then added in order.
 */
final class PlanarWeightGradient implements TileBody {
  private final ConvGeometry g;
  private final PlanarBand band;
  private final TileRunner runner;
  private final int lineFloats;
  private final int[] taps;
  private final int panels;
  private final int ranges;
  private final float[] partials;
  private Source x = Mapped.NOTHING;
  private Source dy = Mapped.NOTHING;

  PlanarWeightGradient(
      ConvGeometry geometry, PatchMatrix patches, PlanarBand band, TileRunner runner) {
    g = geometry;
    this.band = band;
    this.runner = runner;
    int depth = Math.ceilDiv(g.weightRow(), Tiling.PLANAR_TAPS) * Tiling.PLANAR_TAPS;
    taps = band.taps(patches, depth);
    panels = Math.ceilDiv(g.outChannels(), PANEL);
    ranges = Math.min(Tiling.TILES, g.images());
    partials = new float[Arena.BASE + ranges * rangeFloats()];
    lineFloats = g.outWidth() * BLOCK;
    runner.reserve(scratchFloats());
  }

  /** Two blocks of lines of dy, then the band. */
  private int scratchFloats() {
    return bandAt() + band.floats();
  }

  private int bandAt() {
    return Arena.BASE + 2 * band.outLines() * lineFloats;
  }

  private int rangeFloats() {
    return panels * taps.length * PANEL;
  }

  void run(Source newX, Source newDy, float[] dw, int dw0) {
    x = newX;
    dy = newDy;
    runner.run(ranges, this);
    for (int co = 0; co < g.outChannels(); co++) {
      for (int k = 0; k < g.weightRow(); k++) {
        int at = Arena.BASE + (co / PANEL * taps.length + k) * PANEL + co % PANEL;
        float sum = partials[at];
        for (int range = 1; range < ranges; range++) {
          sum += partials[at + range * rangeFloats()];
        }
        dw[dw0 + co * g.weightRow() + k] = sum;
      }
    }
  }

  @Override
  public void run(int range, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats());
    int to = Arena.BASE + range * rangeFloats();
    Arrays.fill(partials, to, to + rangeFloats(), 0f);
    int last = (int) ((long) g.images() * (range + 1) / ranges);
    for (int image = (int) ((long) g.images() * range / ranges); image < last; image++) {
      for (int line = 0; line < g.outHeight(); line += band.outLines()) {
        band.load(x, image, line, work, bandAt());
        int count = Math.min(band.outLines(), g.outHeight() - line);
        for (int panel = 0; panel < panels; panel++) {
          addLines(work, image, line, count, panel, to + panel * taps.length * PANEL);
        }
      }
    }
  }

  private void addLines(float[] work, int image, int firstLine, int count, int panel, int to) {
    int outBlocks = Blocks.count(g.outChannels());
    int blocks = Math.min(2, outBlocks - 2 * panel);
    int plane = g.outPositions() * BLOCK;
    int at = (image * outBlocks + 2 * panel) * plane + firstLine * lineFloats;
    float[] lines = work;
    int from = Arena.BASE;
    int stride = band.outLines() * lineFloats;
    if (dy.isPlain()) {
      lines = dy.base().floats;
      from = dy.base().offset + at;
      stride = plane;
    }
    for (int b = 0; b < blocks && !dy.isPlain(); b++) {
      int channel = (2 * panel + b) * BLOCK;
      dy.copy(at + b * plane, work, from + b * stride, count * g.outWidth(), channel);
    }
    for (int k = 0; k < taps.length; k += Tiling.PLANAR_TAPS) {
      for (int lane = 0; lane < blocks * BLOCK; lane += 2 * WIDTH) {
        int next = lane + WIDTH;
        int first = from + lane / BLOCK * stride + lane % BLOCK;
        int second = from + next / BLOCK * stride + next % BLOCK;
        boolean pair = next < blocks * BLOCK;
        for (int i = 0; i < count; i++) {
          int line = bandAt() + i * band.lineStep();
          int skip = i * lineFloats;
          int sum = to + k * PANEL + lane;
          add(work, line, k, lines, first + skip, pair ? second + skip : -1, sum);
        }
      }
    }
  }

  /**
   * Adds one line of {@link Tiling#PLANAR_TAPS} taps; {@code second} is negative if there is one
   * vector only.
   */
  private void add(float[] work, int line, int k, float[] lines, int first, int second, int to) {
    int width = g.outWidth();
    if (FEW_REGISTERS) {
      FewRegisterPlanarKernels.gradient6(
          work, line, taps, k, lines, first, second, width, partials, to);
    } else if (second >= 0) {
      PlanarKernels.gradient8x2(work, line, taps, k, lines, first, second, width, partials, to);
    } else {
      PlanarKernels.gradient8x1(work, line, taps, k, lines, first, width, partials, to);
    }
  }
}
