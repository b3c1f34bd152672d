package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

/**
 * Where the rows of a tile lie in scratch memory: row r of column block b, 16 floats, at {@code b *
 * block + r / g * group + r % g * 16}, in groups of g = {@link Tiling#GROUP_ROWS}.
 *
 * @param block floats from one column block to the next
 * @param group floats from one group of rows to the next
 */
public record RowLayout(int block, int group) {
  /** All rows of a column block side by side, room for {@code rows} of them. */
  public static RowLayout byBlock(int rows) {
    return new RowLayout(rows * BLOCK, Tiling.GROUP_ROWS * BLOCK);
  }

  /**
   * All {@code blocks} column blocks of a group side by side, so that kernels read one stretch of
   * memory from front to back.
   */
  public static RowLayout byRows(int blocks) {
    return new RowLayout(Tiling.GROUP_ROWS * BLOCK, blocks * Tiling.GROUP_ROWS * BLOCK);
  }

  /** The offset of a row of a column block. */
  public int at(int columnBlock, int row) {
    return columnBlock * block + row / Tiling.GROUP_ROWS * group + row % Tiling.GROUP_ROWS * BLOCK;
  }

  /** Rows from {@code row} on that lie side by side, if there are {@code rows} of them. */
  public int run(int row, int rows) {
    return group == Tiling.GROUP_ROWS * BLOCK
        ? rows
        : Math.min(rows, Tiling.GROUP_ROWS - row % Tiling.GROUP_ROWS);
  }
}
