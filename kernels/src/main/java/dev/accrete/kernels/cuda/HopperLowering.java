package dev.accrete.kernels.cuda;

import dev.accrete.core.Precision;

/** Products of matrices by Hopper's kernels: {@code hopper.cu}. */
final class HopperLowering {
  // The shapes of hopper.cuh.
  private static final int ROWS = 128;
  private static final int NARROW = 64;
  private static final int WIDE = 128;
  private static final int SLAB = 32;
  private static final int SWIZZLE_PERIOD = 1024;
  private static final int ROUNDED_SLABS = 2;

  private HopperLowering() {}

  /** y [rows, columns] = a b, for operands whose lines are 16 bytes aligned. */
  static void multiply(
      LoweredNode node,
      MatMulLowering.Operand a,
      MatMulLowering.Operand b,
      int rows,
      int columns,
      int inner,
      Buffer y) {
    boolean wide = MatMulLowering.side(rows, columns) == WIDE;
    int width = wide ? WIDE : NARROW;
    Precision precision = node.products().precision();
    int rowTiles = Math.ceilDiv(rows, ROWS);
    int columnTiles = Math.ceilDiv(columns, width);
    int length = MatMulLowering.partLength(rowTiles * columnTiles, inner, SLAB);
    int parts = Math.ceilDiv(inner, length);
    Buffer target = parts == 1 ? y : node.scratch(Math.multiplyExact(parts, rows * columns));
    node.launch(
        KernelFile.HOPPER,
        "hopper_" + a.fast() + b.fast() + "_" + width + "_" + precision.label(),
        Grid.blocks(rowTiles, columnTiles, parts).withShared(sharedBytes(width, precision)),
        rows,
        columns,
        inner,
        length,
        map(node, a, rows, inner, ROWS),
        map(node, b, columns, inner, width),
        target);
    if (parts > 1) {
      MatMulLowering.addParts(node, rows * columns, parts, target, y);
    }
  }

  /** A box is a slab of a tile. */
  private static TensorMap map(
      LoweredNode node, MatMulLowering.Operand operand, int lines, int inner, int tile) {
    return operand.innerStride() == 1
        ? node.tensorMap(operand.buffer(), inner, lines, operand.outerStride(), SLAB, tile, true)
        : node.tensorMap(operand.buffer(), lines, inner, operand.innerStride(), tile, SLAB, false);
  }

  /** Slabs as copied and as rounded, and what it takes to align them. */
  private static int sharedBytes(int width, Precision precision) {
    boolean tf32 = precision == Precision.TF32;
    int stages = tf32 ? (width == WIDE ? 4 : 2) : (width == WIDE ? 2 : 3);
    int numbers = (ROWS + width) * SLAB;
    int roundedBytes = tf32 ? Float.BYTES : Short.BYTES;
    return (stages * Float.BYTES + ROUNDED_SLABS * roundedBytes) * numbers + SWIZZLE_PERIOD;
  }
}
