package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.product.Tiles;
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
 * {@code out = in * weights} over the patch matrices of two activations: the forward pass of a
 * convolution (patches of x to rows of y) and its input gradient (rows of dy to patches of dx).
 *
 * <p>A tile is a range of rows, possibly across images, and a range of panels. Rows are gathered
 * (and mapped) into scratch memory that stays in the second-level cache, unless they can be read
 * where they are; results are written in place where they lie as the kernels write them, else
 * through a small buffer. Results that overlap are added by one tile for whole images, in order.
 * The numbers are in {@link Tiling}.
 */
final class PatchProduct implements TileBody {
  private final PatchMatrix in;
  private final PatchMatrix out;
  private final PackedWeights weights;
  private final int groups;
  private final int images;
  private final int positions;
  private final int rows;

  /** Rows that scratch memory has room for. */
  private final int room;

  private final RowLayout layout;

  private final int imagesPerTile;

  /** Rows of the whole planes that {@code parts} tiles share: one plane, or all of one tile. */
  private final int tileSpan;

  private final int parts;
  private final int splits;

  /** Channel blocks of an image of dy, if that is what is multiplied. */
  private final int inBlocks;

  /** Channel blocks of an image of the result; 0 if it is planar. */
  private final int outBlocks;

  /** Positions of a plane of the result. */
  private final int outPlane;

  private Source x = Mapped.NOTHING;
  private float[] y = new float[0];
  private int y0;
  private Epilogue epilogue = Epilogue.NONE;
  private final TileBody prepareImage = this::prepareImage;

  /** Whether every tile prepares the rows it alone loads. */
  private boolean preparesTiles;

  private PatchProduct(
      PatchMatrix in,
      PatchMatrix out,
      PackedWeights weights,
      ConvGeometry geometry,
      int outBlocks,
      int outPlane,
      int rows,
      boolean byRows,
      TileRunner runner) {
    this.outBlocks = outBlocks;
    this.outPlane = outPlane;
    inBlocks = Blocks.count(geometry.outChannels());
    this.in = in;
    this.out = out;
    this.weights = weights;
    groups = geometry.groups();
    images = geometry.images();
    positions = geometry.outPositions();
    this.rows = rows;
    room = Tiling.grouped(rows);
    layout = byRows ? RowLayout.byRows(weights.blocks()) : RowLayout.byBlock(room);
    imagesPerTile = Math.clamp(rows / positions, 1, Math.ceilDiv(images, Tiling.LEAST_TILES));
    tileSpan = Math.max(rows, positions);
    parts = Math.ceilDiv(tileSpan, rows);
    splits = runner.threads() == 1 ? 1 : splits();
    runner.reserve(scratchFloats());
  }

  /** Tiles that share rows, for the sake of other threads: each gathers the rows, none sums. */
  private int splits() {
    return Math.clamp(
        Tiling.TILES / (rowTiles() * groups),
        1,
        Math.ceilDiv(weights.panels(), Tiling.LEAST_PANELS));
  }

  /** The product that is the forward pass of a convolution. */
  static PatchProduct forward(
      PatchMatrix in, PatchMatrix out, PackedWeights weights, ConvGeometry g, TileRunner runner) {
    int blocks = Blocks.count(g.outChannels());
    return new PatchProduct(
        in, out, weights, g, blocks, g.outPositions(), rows(weights, g), byRows(weights), runner);
  }

  /** The product that is the input gradient. */
  static PatchProduct backward(
      PatchMatrix in, PatchMatrix out, PackedWeights weights, ConvGeometry g, TileRunner runner) {
    return backward(in, out, weights, g, rows(weights, g), byRows(weights), runner);
  }

  /**
   * The input gradient in tiles of {@code rows} rows: whole planes, or equal parts of a plane,
   * which {@link #runStaged} leaves block by block.
   */
  static PatchProduct backward(
      PatchMatrix in,
      PatchMatrix out,
      PackedWeights weights,
      ConvGeometry g,
      int rows,
      TileRunner runner) {
    return backward(in, out, weights, g, rows, false, runner);
  }

  private static PatchProduct backward(
      PatchMatrix in,
      PatchMatrix out,
      PackedWeights weights,
      ConvGeometry g,
      int rows,
      boolean byRows,
      TileRunner runner) {
    int blocks = g.planarInput() ? 0 : Blocks.count(g.channels());
    int plane = g.height() * g.width();
    return new PatchProduct(in, out, weights, g, blocks, plane, rows, byRows, runner);
  }

  /** The kernels of one vector of columns want twelve rows side by side. */
  private static boolean byRows(PackedWeights weights) {
    return weights.panelBlocks(weights.panels() - 1) * BLOCK != WIDTH;
  }

  private static int rows(PackedWeights weights, ConvGeometry g) {
    int all = g.images() * g.outPositions();
    int most =
        Math.clamp(Math.ceilDiv(all, Tiling.LEAST_TILES), Tiling.LEAST_ROWS, Tiling.MOST_ROWS);
    return Tiling.rows(weights.depth(), most, g.outPositions());
  }

  /** The parts in which an epilogue gets the result; 0 for a planar one, which it cannot have. */
  int parts() {
    if (outBlocks == 0) {
      return 0;
    }
    return out.overlaps() ? Math.ceilDiv(images, imagesPerTile) : rowTiles();
  }

  /** Names the operands of {@link #runStaged}. */
  void use(Source newX, float[] newY, int newY0, Epilogue newEpilogue, TileRunner runner) {
    x = newX;
    y = newY;
    y0 = newY0;
    epilogue = newEpilogue;
    preparesTiles = false;
    weights.refresh(runner);
  }

  /** Does one of {@link #parts} alone, with its rows in {@code work} even if they lie in memory. */
  void runStaged(int rowTile, float[] work) {
    multiply(0, firstRow(rowTile), rowCount(rowTile), 0, weights.panels(), rowTile, true, work);
  }

  /** Floats of scratch memory. */
  int scratchFloats() {
    return Arena.BASE + room * weights.depth() + Tiling.panelFloats(room);
  }

  /** Where the rows that {@link #runStaged} leaves in its work lie, from {@link Arena#BASE} on. */
  RowLayout layout() {
    return layout;
  }

  int firstRow(int rowTile) {
    return rowTile / parts * tileSpan + rowTile % parts * rows;
  }

  int rowCount(int rowTile) {
    int lastRow = Math.min(images * positions, (rowTile / parts + 1) * tileSpan);
    return Math.min(rows, lastRow - firstRow(rowTile));
  }

  void run(Source newX, float[] newY, int newY0, Epilogue newEpilogue, TileRunner runner) {
    use(newX, newY, newY0, newEpilogue, runner);
    preparesTiles = !x.isReady() && !in.overlaps() && splits == 1;
    if (!x.isReady() && !preparesTiles) {
      runner.run(images, prepareImage);
    }
    if (out.overlaps()) {
      runner.run(Math.ceilDiv(images, imagesPerTile), this);
    } else {
      runner.run(rowTiles() * groups * splits, this);
    }
  }

  private int rowTiles() {
    return Math.ceilDiv(images * positions, tileSpan) * parts;
  }

  @Override
  public void run(int tile, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats());
    if (out.overlaps()) {
      foldImages(tile, work);
      return;
    }
    // Tiles of the same panels follow each other, so that a thread takes few of the weights.
    int rowTiles = rowTiles();
    int rowTile = tile % rowTiles;
    int group = tile / rowTiles % groups;
    int split = tile / rowTiles / groups;
    int panels = weights.panels();
    multiply(
        group,
        firstRow(rowTile),
        rowCount(rowTile),
        panels * split / splits,
        panels * (split + 1) / splits,
        rowTile,
        false,
        work);
  }

  private void foldImages(int tile, float[] work) {
    int firstImage = tile * imagesPerTile;
    int count = Math.min(imagesPerTile, images - firstImage);
    out.clear(y, y0, firstImage, count);
    int lastRow = (firstImage + count) * positions;
    for (int group = 0; group < groups; group++) {
      for (int row = firstImage * positions; row < lastRow; row += rows) {
        int most = Math.min(rows, lastRow - row);
        multiply(group, row, most, 0, weights.panels(), tile, false, work);
      }
    }
    int plane = outPlane * BLOCK;
    for (int block = 0; block < outBlocks; block++) {
      int at = (firstImage * outBlocks + block) * plane;
      epilogue.add(tile, block, at, outPlane, count, outBlocks * plane);
    }
  }

  private void multiply(
      int group,
      int firstRow,
      int count,
      int firstPanel,
      int lastPanel,
      int part,
      boolean staged,
      float[] work) {
    int run = Math.min(count, positions - firstRow % positions);
    if (preparesTiles) {
      prepare(group, firstRow, count);
    }
    boolean wholeKernels =
        run == count
            ? run % Tiling.KERNEL_ROWS == 0
            : run % Tiling.GROUP_ROWS == 0 && run >= Tiling.LEAST_RUN_TO_WRITE;
    boolean direct =
        !staged && wholeKernels && x.isPlain() && in.direct(group, 0, firstRow, run) >= 0;
    boolean inPlace = wholeKernels && out.direct(group, 0, firstRow, run) >= 0;
    if (!direct || !inPlace) {
      direct = false;
      in.gather(x, group, 0, weights.blocks(), firstRow, count, work, Arena.BASE, layout);
    }
    int result = Arena.BASE + room * weights.depth();
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int blocks = weights.panelBlocks(panel);
      if (inPlace) {
        for (int row = 0; row < count; row += run) {
          multiplyRun(group, panel, firstRow, row, run, direct, work);
        }
        finish(part, group, panel, firstRow, count);
        continue;
      }
      Tiles.multiply(
          work,
          Arena.BASE,
          layout,
          weights.blocks(),
          Tiling.padded(count),
          weights.data(),
          weights.offset(group, panel),
          blocks,
          work,
          result,
          room * BLOCK,
          BLOCK);
      for (int b = 0; b < blocks; b++) {
        out.fold(work, result + b * room * BLOCK, group, 2 * panel + b, firstRow, count, y, y0);
      }
      finish(part, group, panel, firstRow, count);
    }
  }

  private void prepare(int group, int firstRow, int count) {
    int row = firstRow;
    while (row < firstRow + count) {
      int run = Math.min(firstRow + count - row, positions - row % positions);
      for (int b = 0; b < in.blocks(); b++) {
        int channel = (group * in.blocks() + b) * BLOCK;
        x.prepare(in.direct(group, b, row, run), run, channel);
      }
      row += run;
    }
  }

  private void prepareImage(int image, Scratch scratch) {
    for (int block = 0; block < inBlocks; block++) {
      int at = (image * inBlocks + block) * positions * BLOCK;
      x.prepare(at, positions, block * BLOCK);
    }
  }

  /** Hands one panel of rows to the epilogue, unless more will be added to them. */
  private void finish(int part, int group, int panel, int firstRow, int count) {
    if (out.overlaps()) {
      return;
    }
    int run = Math.min(count, positions - firstRow % positions);
    for (int b = 0; b < weights.panelBlocks(panel); b++) {
      int block = 2 * panel + b;
      int at = out.direct(group, block, firstRow, run);
      int imageStride = outBlocks * out.directStride();
      epilogue.add(part, group * out.blocks() + block, at, run, count / run, imageStride);
    }
  }

  /** Writes one panel of the rows of one plane where it belongs. */
  private void multiplyRun(
      int group, int panel, int firstRow, int row, int run, boolean direct, float[] work) {
    Tiles.multiply(
        direct ? x.base().floats : work,
        direct
            ? x.base().offset + in.direct(group, 0, firstRow + row, run)
            : Arena.BASE + layout.at(0, row),
        direct ? new RowLayout(in.directStride(), Tiling.GROUP_ROWS * BLOCK) : layout,
        weights.blocks(),
        run,
        weights.data(),
        weights.offset(group, panel),
        weights.panelBlocks(panel),
        y,
        y0 + out.direct(group, 2 * panel, firstRow + row, run),
        out.directStride(),
        BLOCK);
  }
}
