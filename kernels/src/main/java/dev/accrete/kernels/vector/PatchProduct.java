package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;

/**
 * {@code out = in * weights} over the patch matrices of two activations: the forward pass of a
 * convolution (patches of x to rows of y) and its input gradient (rows of dy to patches of dx).
 *
 * <p>A tile is a range of rows, possibly across images, and a range of panels. Rows are gathered
 * (and mapped) into scratch memory that stays in the second-level cache, unless they can be read
 * where they are; results are written in place where they lie as the kernels write them, else
 * through a small buffer. Results that overlap are added by one tile for whole images, in order.
 */
final class PatchProduct implements TileBody {
  /** Tiles to aim at, so that several threads are busy even for one small image. */
  private static final int TILES = 32;

  private final PatchMatrix in;
  private final PatchMatrix out;
  private final PackedWeights weights;
  private final int groups;
  private final int images;
  private final int positions;
  private final int rows;
  private final int imagesPerTile;
  private final int splits;

  private float[] x = new float[0];
  private int x0;
  private ChannelAffine map = ChannelAffine.IDENTITY;
  private float[] y = new float[0];
  private int y0;

  PatchProduct(
      PatchMatrix in,
      PatchMatrix out,
      PackedWeights weights,
      ConvGeometry geometry,
      TileRunner runner) {
    this.in = in;
    this.out = out;
    this.weights = weights;
    groups = geometry.groups();
    images = geometry.images();
    positions = geometry.outPositions();
    rows = Tiles.rows(weights.depth(), Math.min(384, Math.ceilDiv(images * positions, 8)));
    imagesPerTile = Math.clamp(rows / positions, 1, Math.ceilDiv(images, 8));
    int rowTiles = Math.ceilDiv(images * positions, rows) * groups;
    splits = Math.clamp(TILES / rowTiles, 1, Math.ceilDiv(weights.panels(), 4));
    runner.reserve(Tiles.FIRST + rows * weights.depth() + Tiles.panelFloats(rows));
  }

  void run(
      float[] newX, int newX0, ChannelAffine newMap, float[] newY, int newY0, TileRunner runner) {
    x = newX;
    x0 = newX0;
    map = newMap;
    y = newY;
    y0 = newY0;
    weights.refresh(runner);
    if (out.overlaps()) {
      runner.run(Math.ceilDiv(images, imagesPerTile), this);
    } else {
      runner.run(Math.ceilDiv(images * positions, rows) * groups * splits, this);
    }
  }

  @Override
  public void run(int tile, Scratch scratch) {
    float[] work = scratch.floats(Tiles.FIRST + rows * weights.depth() + Tiles.panelFloats(rows));
    if (out.overlaps()) {
      foldImages(tile * imagesPerTile, work);
      return;
    }
    int split = tile % splits;
    int group = tile / splits % groups;
    int firstRow = tile / splits / groups * rows;
    int panels = weights.panels();
    multiply(
        group,
        firstRow,
        Math.min(rows, images * positions - firstRow),
        panels * split / splits,
        panels * (split + 1) / splits,
        work);
  }

  private void foldImages(int firstImage, float[] work) {
    int count = Math.min(imagesPerTile, images - firstImage);
    out.clear(y, y0, firstImage, count);
    int lastRow = (firstImage + count) * positions;
    for (int group = 0; group < groups; group++) {
      for (int row = firstImage * positions; row < lastRow; row += rows) {
        multiply(group, row, Math.min(rows, lastRow - row), 0, weights.panels(), work);
      }
    }
  }

  private void multiply(
      int group, int firstRow, int count, int firstPanel, int lastPanel, float[] work) {
    boolean whole = count % Tiles.ROWS == 0;
    int source = whole && map.isIdentity() ? in.direct(group, 0, firstRow, count) : -1;
    float[] a = source < 0 ? work : x;
    int a0 = source < 0 ? Tiles.FIRST : x0 + source;
    int stride = source < 0 ? rows * BLOCK : in.directStride();
    if (source < 0) {
      in.gather(x, x0, map, group, 0, weights.blocks(), firstRow, count, work, Tiles.FIRST, stride);
    }
    int result = Tiles.FIRST + rows * weights.depth();
    int padded = Tiles.padded(count);
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int w0 = weights.offset(group, panel);
      int blocks = weights.panelBlocks(panel);
      int target = whole && blocks == 2 ? out.direct(group, 2 * panel, firstRow, count) : -1;
      float[] c = target < 0 ? work : y;
      int c0 = target < 0 ? result : y0 + target;
      int cStride = target < 0 ? rows * BLOCK : out.directStride();
      Tiles.multiply(
          a,
          a0,
          stride,
          weights.blocks(),
          padded,
          weights.data(),
          w0,
          blocks,
          c,
          c0,
          cStride,
          BLOCK);
      for (int b = 0; target < 0 && b < blocks; b++) {
        int block = 2 * panel + b;
        out.fold(work, result + b * rows * BLOCK, group, block, firstRow, count, y, y0);
      }
    }
  }
}
