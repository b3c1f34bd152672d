package dev.accrete.kernels.vector.convolution;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * The matrix that a convolution multiplies with its weights: one row per output position of all
 * images, one column per (input channel of a group, kernel tap). Never materialised: tiles of its
 * rows are gathered into scratch memory, as blocks of 16 columns.
 */
public interface PatchMatrix {
  /** Column blocks of one group. */
  int blocks();

  /** The index of a column within a row of the canonical weight; -1 for a padding column. */
  int canonical(int column);

  /**
   * Gathers {@code rows} rows from {@code firstRow} on, column blocks {@code firstBlock} to {@code
   * firstBlock + blockCount - 1} of group {@code group}, to {@code to0} on; there they are rows and
   * blocks 0 and following of {@code layout}.
   */
  void gather(
      Source x,
      int group,
      int firstBlock,
      int blockCount,
      int firstRow,
      int rows,
      float[] to,
      int to0,
      RowLayout layout);

  /**
   * The reverse for one block: writes rows at {@code from0} to where they were gathered from. If
   * {@link #overlaps}, adds them.
   */
  void fold(
      float[] from, int from0, int group, int block, int firstRow, int rows, float[] x, int x0);

  /** Whether rows share elements, so that {@link #fold} adds and x must be cleared before. */
  boolean overlaps();

  /** Zeroes whole images. */
  void clear(float[] x, int x0, int firstImage, int images);

  /**
   * The offset of block {@code block} of these rows relative to x0 if they lie in x exactly as
   * {@link #gather} would write them by blocks (with {@link #directStride} between blocks),
   * otherwise -1.
   */
  int direct(int group, int block, int firstRow, int rows);

  /** The distance of two adjacent blocks in x. */
  int directStride();
}
