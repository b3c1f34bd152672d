package dev.accrete.kernels.cuda;

import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.op.MatMul;

/** Products of matrices. */
final class MatMulLowering {
  private static final int SMALL_TILE = 64;
  private static final int LARGE_TILE = 128;

  /** Large tiles do twice the work per byte, but only where enough of them fill a device. */
  private static final int ENOUGH_TILES = 64;

  /** A part of the inner extent that is worth a block of its own. */
  private static final int LEAST_PART = 512;

  private static final int MOST_PARTS = 64;
  private static final int WANTED_BLOCKS = 256;

  /** Floats of a slice in mma.cuh, and of one copy into it. */
  static final int SLICE = 16;

  private static final int VECTOR = 4;

  private MatMulLowering() {}

  /** A matrix in memory: distances between its lines (rows of a, columns of b) and along them. */
  record Operand(Buffer buffer, int outerStride, int innerStride) {
    char fast() {
      return innerStride == 1 ? 'i' : 'o';
    }

    /** Whether what lies along memory can be copied four floats at a time. */
    private boolean vectors(int lines, int inner) {
      int across = innerStride == 1 ? inner : lines;
      int stride = innerStride == 1 ? outerStride : innerStride;
      return across % VECTOR == 0 && stride % VECTOR == 0 && MatMulLowering.vectors(buffer);
    }
  }

  static void product(MatMul product, LoweredNode node) {
    Shape a = node.shape(0);
    Shape b = node.shape(1);
    Shape y = node.resultShape(0);
    int inner = a.dim(product.transposeA() ? 0 : 1);
    Operand left =
        product.transposeA()
            ? new Operand(node.flat(0), 1, a.dim(1))
            : new Operand(node.flat(0), a.dim(1), 1);
    Operand right =
        product.transposeB()
            ? new Operand(node.flat(1), b.dim(1), 1)
            : new Operand(node.flat(1), 1, b.dim(1));
    multiply(node, left, right, y.dim(0), y.dim(1), inner, node.flatResult(0));
  }

  /** y [rows, columns] = a b, both given by their lines. */
  static void multiply(
      LoweredNode node, Operand a, Operand b, int rows, int columns, int inner, Buffer y) {
    boolean vectors = a.vectors(rows, inner) && b.vectors(columns, inner);
    if (vectors && node.products().hopper() && node.products().precision() != Precision.FP32) {
      HopperLowering.multiply(node, a, b, rows, columns, inner, y);
      return;
    }
    int side = side(rows, columns);
    int tiles = Math.ceilDiv(rows, side) * Math.ceilDiv(columns, side);
    int length = partLength(tiles, inner, SLICE);
    int parts = Math.ceilDiv(inner, length);
    Buffer target = parts == 1 ? y : node.scratch(Math.multiplyExact(parts, rows * columns));
    node.launch(
        KernelFile.MATMUL,
        "matmul_" + a.fast() + b.fast() + "_" + side + core(node, vectors),
        Grid.blocks(Math.ceilDiv(rows, side), Math.ceilDiv(columns, side), parts),
        rows,
        columns,
        inner,
        length,
        a.outerStride(),
        a.innerStride(),
        b.outerStride(),
        b.innerStride(),
        a.buffer(),
        b.buffer(),
        target);
    if (parts > 1) {
      addParts(node, rows * columns, parts, target, y);
    }
  }

  /** The side of the tiles for a product of this size. */
  static int side(int rows, int columns) {
    long large = (long) (rows / LARGE_TILE) * (columns / LARGE_TILE);
    return large >= ENOUGH_TILES ? LARGE_TILE : SMALL_TILE;
  }

  /** Whether four floats at a time can be copied from the start of this memory. */
  static boolean vectors(Buffer buffer) {
    return buffer.aligned(VECTOR * Float.BYTES);
  }

  /** Whether an extent is copied four floats at a time without a rest. */
  static boolean vectors(int extent) {
    return extent % VECTOR == 0;
  }

  /** What the names of kernels end with: which core multiplies. */
  static String core(LoweredNode node, boolean vectors) {
    return node.products().precision() == Precision.FP32 || !vectors
        ? ""
        : "_" + node.products().precision().label();
  }

  /**
   * How many inner indices a block multiplies, so that a product with few tiles and a long inner
   * extent, such as a weight gradient, is cut into parts that fill the device. The shape alone
   * decides.
   *
   * @param slice what the length must be a multiple of
   */
  static int partLength(int tiles, int inner, int slice) {
    int worthwhile = Math.clamp(inner / LEAST_PART, 1, MOST_PARTS);
    int parts = Math.clamp(WANTED_BLOCKS / tiles, 1, worthwhile);
    return Math.ceilDiv(Math.ceilDiv(inner, parts), slice) * slice;
  }

  /** Adds up slabs of partial sums in order. */
  static void addParts(LoweredNode node, int count, int parts, Buffer slabs, Buffer y) {
    node.launch(KernelFile.NORMS, "add_parts", node.over(count), count, parts, count, slabs, y);
  }
}
