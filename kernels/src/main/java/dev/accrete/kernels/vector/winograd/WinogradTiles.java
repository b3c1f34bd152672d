package dev.accrete.kernels.vector.winograd;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.winograd.WinogradTransforms.OUTPUTS;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;

/**
 * Overlapping tiles of the planes of a blocked tensor, as points: what Winograd's filtering
 * multiplies with weights, or with gradients.
 */
final class WinogradTiles {
  /** Rows and columns of tiles of a plane: a tile gives 2 x 2 outputs. */
  final int rows;

  final int columns;

  private final int taps;
  private final int points;
  private final int blocks;
  private final int height;
  private final int width;
  private final int pad;
  private final int paddedWidth;

  /**
   * Tiles of planes of height x width with {@code pad} zeros around them, under a result of
   * outHeight x outWidth.
   *
   * @param blocks channel blocks of an image
   */
  WinogradTiles(int taps, int blocks, int height, int width, int pad, int outHeight, int outWidth) {
    this.taps = taps;
    this.blocks = blocks;
    this.height = height;
    this.width = width;
    this.pad = pad;
    points = WinogradTransforms.points(taps);
    rows = Math.ceilDiv(outHeight, OUTPUTS);
    columns = Math.ceilDiv(outWidth, OUTPUTS);
    paddedWidth = columns * OUTPUTS + points - OUTPUTS;
  }

  /** Floats of scratch memory that {@link #transform} takes for so many rows of tiles. */
  int scratchFloats(int tileRows) {
    int paddedRows = tileRows * OUTPUTS + points - OUTPUTS;
    return (paddedRows * paddedWidth + points * points) * BLOCK;
  }

  /** Floats from the first element to a plane. */
  int at(int image, int block) {
    return (image * blocks + block) * height * width * BLOCK;
  }

  /** Makes an image ready to be loaded. */
  void prepare(Source x, int image) {
    for (int block = 0; block < blocks; block++) {
      x.prepare(at(image, block), height * width, block * BLOCK);
    }
  }

  /**
   * Transforms {@code tileRows} rows of tiles of one plane: number p of tile t goes to {@code to +
   * p * matrix + layout.at(column, firstTile + t)}.
   *
   * @param scratch where in {@code work} there is scratch memory
   */
  void transform(
      Source x,
      int image,
      int block,
      int firstRow,
      int tileRows,
      float[] work,
      int scratch,
      int to,
      int matrix,
      RowLayout layout,
      int column,
      int firstTile) {
    load(x, image, block, firstRow * OUTPUTS - pad, tileRows, work, scratch);
    int tileAt = scratch + scratchFloats(tileRows) - points * points * BLOCK;
    for (int tile = 0; tile < tileRows * columns; tile++) {
      int row = tile / columns * OUTPUTS;
      int from = scratch + (row * paddedWidth + tile % columns * OUTPUTS) * BLOCK;
      for (int i = 0; i < points; i++) {
        int line = from + i * BLOCK;
        int half = tileAt + i * BLOCK;
        WinogradTransforms.input(taps, work, line, paddedWidth * BLOCK, work, half, points * BLOCK);
      }
      int at = to + layout.at(column, firstTile + tile);
      for (int i = 0; i < points; i++) {
        int half = tileAt + i * points * BLOCK;
        WinogradTransforms.input(taps, work, half, BLOCK, work, at + i * points * matrix, matrix);
      }
    }
  }

  /** Copies rows of a plane, with zeros around it as far as tiles reach. */
  private void load(
      Source x, int image, int block, int firstRow, int tileRows, float[] work, int to) {
    int count = tileRows * OUTPUTS + points - OUTPUTS;
    Arrays.fill(work, to, to + count * paddedWidth * BLOCK, 0f);
    int used = Math.min(width, paddedWidth - pad);
    for (int row = Math.max(0, -firstRow); row < Math.min(count, height - firstRow); row++) {
      int from = at(image, block) + (firstRow + row) * width * BLOCK;
      x.copy(from, work, to + (row * paddedWidth + pad) * BLOCK, used, block * BLOCK);
    }
  }
}
