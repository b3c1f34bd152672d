package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.WinogradTransforms.OUTPUTS;

import java.util.Arrays;

/**
 * A convolution of 3x3 or 5x5 taps and stride 1, forward or as an input gradient, by Winograd's
 * minimal filtering: a tile of 4 x 4 (6 x 6) positions becomes as many numbers per channel,
 * products of matrices over tiles, one for each of these, sum up channels, and what they give
 * becomes 2 x 2 outputs. That is 16 (36) multiplications where taps times outputs are 36 (100).
 *
 * <p>A unit of work is some images, or some rows of tiles of one, so that what lies between the
 * transforms stays in the cache.
 */
final class WinogradProduct implements TileBody {
  /** Least savings in multiplications for which two transforms are worth it. */
  private static final double LEAST_SAVINGS = 1.5;

  /** Least channels of a group on either side. */
  private static final int LEAST_CHANNELS = 32;

  /** Least tiles of all images: fewer do not pay for transformed weights. */
  private static final int LEAST_TILES = 128;

  /** Units to aim at, so that several threads are busy. */
  private static final int UNITS = 8;

  /** Most tiles of a unit. */
  private static final int MOST_TILES = 64;

  private final WinogradWeights weights;
  private final int images;
  private final int groups;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final int pad;

  private final int taps;

  /** Positions of a tile along one side, and points. */
  private final int points;

  /** Floats of a tile between its two passes. */
  private final int tileFloats;

  private final int tileRows;
  private final int tileColumns;

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
  private final int paddedWidth;
  private final int pointsAt;
  private final int sumsAt;
  private final int paddedAt;
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
    this.height = height;
    this.width = width;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    this.pad = pad;
    images = g.images();
    groups = g.groups();
    taps = g.kernelH();
    points = WinogradTransforms.points(taps);
    tileFloats = points * points * BLOCK;
    tileRows = Math.ceilDiv(outHeight, OUTPUTS);
    tileColumns = Math.ceilDiv(outWidth, OUTPUTS);
    int tiles = tileRows * tileColumns;
    int unit = Math.min(MOST_TILES, images * tiles / UNITS);
    unitImages = Math.max(1, unit / tiles);
    bandRows = Math.clamp(unit / tileColumns, 1, tileRows);
    bands = Math.ceilDiv(tileRows, bandRows);
    inBlocks = groups * weights.blocks();
    outBlocks = groups * Math.ceilDiv(columns(), BLOCK);
    int most = unitImages * bandRows * tileColumns;
    room = Math.ceilDiv(most, RowLayout.ROWS) * RowLayout.ROWS;
    layout = RowLayout.byRows(weights.blocks());
    paddedWidth = tileColumns * OUTPUTS + points - OUTPUTS;
    pointsAt = Tiles.FIRST;
    sumsAt = pointsAt + points * points * room * inBlocks * BLOCK;
    paddedAt = sumsAt + points * points * room * outBlocks * BLOCK;
    tileAt = paddedAt + (bandRows * OUTPUTS + points - OUTPUTS) * paddedWidth * BLOCK;
    scratchFloats = tileAt + 2 * tileFloats;
    runner.reserve(scratchFloats);
  }

  private int columns() {
    int blocks = 0;
    for (int panel = 0; panel < weights.panels(); panel++) {
      blocks += weights.panelBlocks(panel);
    }
    return blocks * BLOCK;
  }

  /** Whether a convolution is computed faster like this. */
  static boolean fits(ConvGeometry g) {
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
    return pays(g.images(), g.outHeight(), g.outWidth(), taps)
        && pays(g.images(), g.height(), g.width(), taps);
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
    for (int block = 0; block < inBlocks; block++) {
      x.prepare(inputAt(image, block), height * width, block * BLOCK);
    }
  }

  private int inputAt(int image, int block) {
    return (image * inBlocks + block) * height * width * BLOCK;
  }

  @Override
  public void run(int unit, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats);
    int firstImage = unit / bands * unitImages;
    int count = Math.min(unitImages, images - firstImage);
    int firstRow = unit % bands * bandRows;
    int rows = Math.min(bandRows, tileRows - firstRow);
    int imageTiles = rows * tileColumns;
    for (int image = 0; image < count; image++) {
      for (int block = 0; block < inBlocks; block++) {
        pad(
            firstImage + image,
            block,
            firstRow * OUTPUTS - pad,
            rows * OUTPUTS + points - OUTPUTS,
            work);
        toPoints(block, rows, image * imageTiles, work);
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

  /** Copies rows of a plane, with zeros around it as far as tiles reach. */
  private void pad(int image, int block, int firstRow, int rows, float[] work) {
    Arrays.fill(work, paddedAt, paddedAt + rows * paddedWidth * BLOCK, 0f);
    int columns = Math.min(width, paddedWidth - pad);
    for (int row = Math.max(0, -firstRow); row < Math.min(rows, height - firstRow); row++) {
      int from = inputAt(image, block) + (firstRow + row) * width * BLOCK;
      x.copy(from, work, paddedAt + (row * paddedWidth + pad) * BLOCK, columns, block * BLOCK);
    }
  }

  /** Transforms the tiles of a padded plane. */
  private void toPoints(int block, int rows, int firstTile, float[] work) {
    int group = block / weights.blocks();
    int inGroup = block % weights.blocks();
    int matrix = room * inBlocks * BLOCK;
    int to = pointsAt + group * room * weights.blocks() * BLOCK;
    for (int tile = 0; tile < rows * tileColumns; tile++) {
      int row = tile / tileColumns * OUTPUTS;
      int column = tile % tileColumns * OUTPUTS;
      int from = paddedAt + (row * paddedWidth + column) * BLOCK;
      for (int i = 0; i < points; i++) {
        WinogradTransforms.input(
            taps,
            work,
            from + i * BLOCK,
            paddedWidth * BLOCK,
            work,
            tileAt + i * BLOCK,
            points * BLOCK);
      }
      int at = to + layout.at(inGroup, firstTile + tile);
      for (int i = 0; i < points; i++) {
        int line = tileAt + i * points * BLOCK;
        WinogradTransforms.input(taps, work, line, BLOCK, work, at + i * points * matrix, matrix);
      }
    }
  }

  private void multiply(int tiles, float[] work) {
    int groupBlocks = outBlocks / groups;
    for (int point = 0; point < points * points; point++) {
      for (int group = 0; group < groups; group++) {
        int from = pointsAt + (point * groups + group) * room * weights.blocks() * BLOCK;
        int to = sumsAt + (point * outBlocks + group * groupBlocks) * room * BLOCK;
        for (int panel = 0; panel < weights.panels(); panel++) {
          Tiles.multiply(
              work,
              from,
              layout,
              weights.blocks(),
              Tiles.padded(tiles),
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
      for (int column = 0; column < tileColumns; column++, tile++) {
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
        WinogradTransforms.outputs(taps, work, line, BLOCK, work, tileAt + tileFloats, BLOCK);
        System.arraycopy(work, tileAt + tileFloats, y, at, columns * BLOCK);
      }
    }
  }
}
