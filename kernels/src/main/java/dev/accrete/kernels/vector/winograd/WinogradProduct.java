package dev.accrete.kernels.vector.winograd;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.winograd.WinogradTransforms.OUTPUTS;

import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.product.Tiles;
import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * A convolution of 3x3 or 5x5 taps and stride 1, forward or as an input gradient, by Winograd's
 * minimal filtering: a tile of 4 x 4 (6 x 6) positions becomes as many numbers per channel,
 * products of matrices over tiles, one for each of these, sum up channels, and what they give
 * becomes 2 x 2 outputs. That is 16 (36) multiplications where taps times outputs are 36 (100).
 *
 * <p>A unit of work is some images, or some rows of tiles of one, so that what lies between the
 * transforms stays in the cache.
 */
public final class WinogradProduct implements TileBody {
  /** Least savings in multiplications for which two transforms are worth it. */
  private static final double LEAST_SAVINGS = 1.5;

  /** Least channels of a group on either side. */
  private static final int LEAST_CHANNELS = 32;

  /** Least tiles of all images: fewer do not pay for transformed weights. */
  private static final int LEAST_TILES = 128;

  private final WinogradWeights weights;
  private final int images;
  private final int groups;
  private final int outHeight;
  private final int outWidth;
  private final int taps;

  /** Positions of a tile along one side, and points. */
  private final int points;

  private final WinogradTiles tiles;

  /** Images of a unit, or 1 where bands share an image. */
  private final int unitImages;

  /** Rows of tiles of a band; all where a unit is whole images. */
  private final int bandRows;

  private final int bands;
  private final int inBlocks;
  private final int outBlocks;

  /** Tiles that scratch memory has room for. */
  private final int room;

  private final RowLayout layout;
  private final int sumsAt;

  /** Where scratch memory for one tile, or for rows of them, begins. */
  private final int tileAt;

  private final int scratchFloats;
  private final TileBody prepareImage = this::prepareImage;
  private Source x = Mapped.NOTHING;
  private float[] y = new float[0];
  private int y0;
  private Epilogue epilogue = Epilogue.NONE;

  private WinogradProduct(
      ConvGeometry g,
      WinogradWeights weights,
      int height,
      int width,
      int outHeight,
      int outWidth,
      int pad,
      TileRunner runner) {
    this.weights = weights;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    images = g.images();
    groups = g.groups();
    taps = g.kernelH();
    points = WinogradTransforms.points(taps);
    inBlocks = groups * weights.blocks();
    tiles = new WinogradTiles(taps, inBlocks, height, width, pad, outHeight, outWidth);
    int perImage = tiles.rows * tiles.columns;
    int unit = Math.min(Tiling.SQUARES, images * perImage / Tiling.SQUARE_UNITS);
    unitImages = Math.max(1, unit / perImage);
    bandRows = Math.clamp(unit / tiles.columns, 1, tiles.rows);
    bands = Math.ceilDiv(tiles.rows, bandRows);
    outBlocks = groups * Math.ceilDiv(columns(), BLOCK);
    int most = unitImages * bandRows * tiles.columns;
    room = Tiling.grouped(most);
    layout = RowLayout.byRows(weights.blocks());
    sumsAt = Arena.BASE + points * points * room * inBlocks * BLOCK;
    tileAt = sumsAt + points * points * room * outBlocks * BLOCK;
    int tileFloats = (points * points + OUTPUTS) * BLOCK;
    scratchFloats = tileAt + Math.max(tiles.scratchFloats(bandRows), tileFloats);
    runner.reserve(scratchFloats);
  }

  private int columns() {
    int blocks = 0;
    for (int panel = 0; panel < weights.panels(); panel++) {
      blocks += weights.panelBlocks(panel);
    }
    return blocks * BLOCK;
  }

  /** Whether a convolution of {@code images}, maybe in slices, is computed faster like this. */
  public static boolean fits(ConvGeometry g, int images) {
    int taps = g.kernelH();
    if (g.planarInput()
        || taps != g.kernelW()
        || (taps != 3 && taps != 5)
        || g.strideH() != 1
        || g.strideW() != 1
        || g.padH() != g.padW()
        || g.padH() >= taps
        || g.groupChannels() % BLOCK != 0
        || g.groupOutChannels() % BLOCK != 0
        || Math.min(g.groupChannels(), g.groupOutChannels()) < LEAST_CHANNELS) {
      return false;
    }
    return pays(images, g.outHeight(), g.outWidth(), taps)
        && pays(images, g.height(), g.width(), taps);
  }

  private static boolean pays(int images, int outHeight, int outWidth, int taps) {
    int tiles = Math.ceilDiv(outHeight, OUTPUTS) * Math.ceilDiv(outWidth, OUTPUTS);
    int points = WinogradTransforms.points(taps);
    double savings = (double) outHeight * outWidth * taps * taps / (tiles * points * points);
    return savings >= LEAST_SAVINGS && images * tiles >= LEAST_TILES;
  }

  /** The forward pass of a convolution that {@link #fits}. */
  static WinogradProduct forward(ConvGeometry g, WinogradWeights weights, TileRunner runner) {
    return new WinogradProduct(
        g, weights, g.height(), g.width(), g.outHeight(), g.outWidth(), g.padH(), runner);
  }

  /** Its input gradient. */
  static WinogradProduct backward(ConvGeometry g, WinogradWeights weights, TileRunner runner) {
    int pad = g.kernelH() - 1 - g.padH();
    return new WinogradProduct(
        g, weights, g.outHeight(), g.outWidth(), g.height(), g.width(), pad, runner);
  }

  /** The parts in which an epilogue gets the result. */
  int parts() {
    return bands > 1 ? images * bands : Math.ceilDiv(images, unitImages);
  }

  void run(Source newX, float[] newY, int newY0, Epilogue newEpilogue, TileRunner runner) {
    x = newX;
    y = newY;
    y0 = newY0;
    epilogue = newEpilogue;
    weights.refresh(runner);
    if (!x.isReady()) {
      runner.run(images, prepareImage);
    }
    runner.run(parts(), this);
  }

  private void prepareImage(int image, Scratch scratch) {
    tiles.prepare(x, image);
  }

  @Override
  public void run(int unit, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats);
    int firstImage = unit / bands * unitImages;
    int count = Math.min(unitImages, images - firstImage);
    int firstRow = unit % bands * bandRows;
    int rows = Math.min(bandRows, tiles.rows - firstRow);
    int imageTiles = rows * tiles.columns;
    for (int image = 0; image < count; image++) {
      for (int block = 0; block < inBlocks; block++) {
        int group = block / weights.blocks();
        tiles.transform(
            x,
            firstImage + image,
            block,
            firstRow,
            rows,
            work,
            tileAt,
            pointsAt(0, group),
            pointsAt(1, 0) - pointsAt(0, 0),
            layout,
            block % weights.blocks(),
            image * imageTiles);
      }
    }
    multiply(count * imageTiles, work);
    int outRow = firstRow * OUTPUTS;
    int outRows = Math.min(outHeight - outRow, rows * OUTPUTS);
    int plane = outHeight * outWidth * BLOCK;
    for (int block = 0; block < outBlocks; block++) {
      int first = (firstImage * outBlocks + block) * plane;
      for (int image = 0; image < count; image++) {
        int at = y0 + first + image * outBlocks * plane;
        fromPoints(block, firstRow, rows, image * imageTiles, at, work);
      }
      int at = first + outRow * outWidth * BLOCK;
      epilogue.add(unit, block, at, outRows * outWidth, count, outBlocks * plane);
    }
  }

  /** Where the numbers of a group's channels at a point lie. */
  private int pointsAt(int point, int group) {
    return Arena.BASE + (point * groups + group) * room * weights.blocks() * BLOCK;
  }

  private void multiply(int count, float[] work) {
    int groupBlocks = outBlocks / groups;
    for (int point = 0; point < points * points; point++) {
      for (int group = 0; group < groups; group++) {
        int to = sumsAt + (point * outBlocks + group * groupBlocks) * room * BLOCK;
        for (int panel = 0; panel < weights.panels(); panel++) {
          Tiles.multiply(
              work,
              pointsAt(point, group),
              layout,
              weights.blocks(),
              Tiling.padded(count),
              weights.data(),
              weights.offset(point, group, panel),
              weights.panelBlocks(panel),
              work,
              to + 2 * panel * room * BLOCK,
              room * BLOCK,
              BLOCK);
        }
      }
    }
  }

  /** Transforms the tiles of a block of the result, and writes what lies within its plane. */
  private void fromPoints(int block, int firstRow, int rows, int firstTile, int to, float[] work) {
    int matrix = room * outBlocks * BLOCK;
    int tile = firstTile;
    for (int row = firstRow; row < firstRow + rows; row++) {
      for (int column = 0; column < tiles.columns; column++, tile++) {
        int from = sumsAt + (block * room + tile) * BLOCK;
        for (int i = 0; i < points; i++) {
          WinogradTransforms.outputs(
              taps,
              work,
              from + i * matrix,
              points * matrix,
              work,
              tileAt + i * BLOCK,
              points * BLOCK);
        }
        write(row * OUTPUTS, column * OUTPUTS, to, work);
      }
    }
  }

  private void write(int row, int column, int to, float[] work) {
    int rows = Math.min(OUTPUTS, outHeight - row);
    int columns = Math.min(OUTPUTS, outWidth - column);
    for (int i = 0; i < rows; i++) {
      int at = to + ((row + i) * outWidth + column) * BLOCK;
      int line = tileAt + i * points * BLOCK;
      if (columns == OUTPUTS) {
        WinogradTransforms.outputs(taps, work, line, BLOCK, y, at, BLOCK);
      } else {
        WinogradTransforms.outputs(
            taps, work, line, BLOCK, work, tileAt + points * points * BLOCK, BLOCK);
        System.arraycopy(work, tileAt + points * points * BLOCK, y, at, columns * BLOCK);
      }
    }
  }
}
