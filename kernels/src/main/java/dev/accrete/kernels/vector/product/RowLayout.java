package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;

/**
 * Where the rows of a tile lie in scratch memory: row r of column block b, 16 floats, at {@code b *
 * block + r / 8 * group + r % 8 * 16}.
 *
 * @param block floats from one column block to the next
 * @param group floats from eight rows to the next eight
 */
public record RowLayout(int block, int group) {
  /** All rows of a column block side by side, room for {@code rows} of them. */
  public static RowLayout byBlock(int rows) {
    return new RowLayout(rows * BLOCK, Tiling.GROUP_ROWS * BLOCK);
  }

  /**
   * All {@code blocks} column blocks of eight rows side by side, so that a kernel of eight rows
   * reads one stretch of memory from front to back.
   */
  private static RowLayout byRows(int blocks) {
    return new RowLayout(Tiling.GROUP_ROWS * BLOCK, blocks * Tiling.GROUP_ROWS * BLOCK);
  }

  /**
   * As kernels read {@code rows} rows of {@code blocks} column blocks fastest: in groups of eight
   * where kernels take eight rows, all of a column block side by side where they take six and four.
   */
  public static RowLayout forKernels(int blocks, int rows) {
    return FEW_REGISTERS ? byBlock(rows) : byRows(blocks);
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
