package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.WIDTH;
import static dev.accrete.kernels.vector.ProductKernels.PANEL;

import java.util.Arrays;

/**
 * The weight gradient of a {@link PlanarConvolution}: a tile adds up a range of images, line by
 * line; the ranges, fixed by the extents, are then added in order.
 */
final class PlanarWeightGradient implements TileBody {
  private static final int TILES = 32;

  private final ConvGeometry g;
  private final PlanarBand band;
  private final TileRunner runner;
  private final int[] taps;
  private final int panels;
  private final int ranges;
  private final float[] partials;
  private float[] x = new float[0];
  private int x0;
  private ChannelAffine map = ChannelAffine.IDENTITY;
  private float[] dy = new float[0];
  private int dy0;

  PlanarWeightGradient(
      ConvGeometry geometry, PatchMatrix patches, PlanarBand band, TileRunner runner) {
    g = geometry;
    this.band = band;
    this.runner = runner;
    int depth = Math.ceilDiv(g.weightRow(), PlanarKernels.TAPS) * PlanarKernels.TAPS;
    taps = band.taps(patches, depth);
    panels = Math.ceilDiv(g.outChannels(), PANEL);
    ranges = Math.min(TILES, g.images());
    partials = new float[Tiles.FIRST + ranges * rangeFloats()];
    runner.reserve(Tiles.FIRST + band.floats());
  }

  private int rangeFloats() {
    return panels * taps.length * PANEL;
  }

  void run(
      float[] newX,
      int newX0,
      ChannelAffine newMap,
      float[] newDy,
      int newDy0,
      float[] dw,
      int dw0) {
    x = newX;
    x0 = newX0;
    map = newMap;
    dy = newDy;
    dy0 = newDy0;
    runner.run(ranges, this);
    for (int co = 0; co < g.outChannels(); co++) {
      for (int k = 0; k < g.weightRow(); k++) {
        int at = Tiles.FIRST + (co / PANEL * taps.length + k) * PANEL + co % PANEL;
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
    float[] work = scratch.floats(Tiles.FIRST + band.floats());
    int to = Tiles.FIRST + range * rangeFloats();
    Arrays.fill(partials, to, to + rangeFloats(), 0f);
    int last = (int) ((long) g.images() * (range + 1) / ranges);
    for (int image = (int) ((long) g.images() * range / ranges); image < last; image++) {
      for (int line = 0; line < g.outHeight(); line += band.outLines()) {
        band.load(x, x0, map, image, line, work, Tiles.FIRST);
        int count = Math.min(band.outLines(), g.outHeight() - line);
        for (int panel = 0; panel < panels; panel++) {
          addLines(work, image, line, count, panel, to + panel * taps.length * PANEL);
        }
      }
    }
  }

  private void addLines(float[] work, int image, int firstLine, int count, int panel, int to) {
    int outBlocks = Blocks.count(g.outChannels());
    int plane = g.outPositions() * BLOCK;
    int lanes = Math.min(2, outBlocks - 2 * panel) * BLOCK;
    int from = dy0 + (image * outBlocks + 2 * panel) * plane + firstLine * g.outWidth() * BLOCK;
    for (int k = 0; k < taps.length; k += PlanarKernels.TAPS) {
      for (int lane = 0; lane < lanes; lane += 2 * WIDTH) {
        int next = lane + WIDTH;
        int first = from + lane / BLOCK * plane + lane % BLOCK;
        int second = from + next / BLOCK * plane + next % BLOCK;
        for (int i = 0; i < count; i++) {
          int line = Tiles.FIRST + i * band.lineStep();
          int at = i * g.outWidth() * BLOCK;
          add(work, line, k, first + at, next < lanes ? second + at : -1, to + k * PANEL + lane);
        }
      }
    }
  }

  /** Adds one line of eight taps; {@code second} is negative if there is one vector only. */
  private void add(float[] work, int line, int k, int first, int second, int to) {
    int width = g.outWidth();
    if (second >= 0) {
      PlanarKernels.gradient8x2(work, line, taps, k, dy, first, second, width, partials, to);
    } else {
      PlanarKernels.gradient8x1(work, line, taps, k, dy, first, width, partials, to);
    }
  }
}
