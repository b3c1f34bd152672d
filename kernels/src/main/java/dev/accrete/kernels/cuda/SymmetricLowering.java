package dev.accrete.kernels.cuda;

import dev.accrete.core.DType;
import dev.accrete.core.Value;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;

/** Symmetric matrices in double precision. */
final class SymmetricLowering {
  /** kTile and kBlock of symmetric.cu. */
  private static final int TILE = 64;

  private static final int BLOCK = 32;

  /** Warps of a block. */
  private static final int WARPS = 8;

  private SymmetricLowering() {}

  static void update(SymmetricUpdate op, LoweredNode node) {
    int rows = node.shape(0).dim(0);
    int side = node.shape(0).dim(1);
    boolean single = node.node().inputs().getFirst().type().dtype() == DType.F32;
    Buffer sums = overwritten(node, 1);
    node.launch(
        KernelFile.SYMMETRIC,
        single ? "symmetric_update" : "symmetric_update_double",
        tiles(side),
        rows,
        side,
        op.subtract() ? 1 : 0,
        node.flat(0),
        sums);
  }

  private static Grid tiles(int side) {
    int tiles = Math.ceilDiv(side, TILE);
    return Grid.blocks(tiles, tiles, 1);
  }

  static void factor(LoweredNode node) {
    int side = Triangle.ofLength(node.shape(0).size()).side();
    Buffer a = overwritten(node, 0);
    for (int from = 0; from < side; from += BLOCK) {
      int count = Math.min(BLOCK, side - from);
      int rest = side - from - count;
      node.launch(KernelFile.SYMMETRIC, "cholesky_square", Grid.blocks(1), side, from, count, a);
      if (rest > 0) {
        node.launch(KernelFile.SYMMETRIC, "cholesky_rows", node.over(rest), side, from, count, a);
        node.launch(KernelFile.SYMMETRIC, "cholesky_update", tiles(rest), side, from, count, a);
      }
    }
  }

  static void solve(TriangularSolve op, LoweredNode node) {
    int systems = node.shape(1).dim(0);
    Buffer factor = node.flat(0);
    Buffer b = overwritten(node, 1);
    node.launch(
        KernelFile.SYMMETRIC,
        "triangular_solve",
        Grid.ofLanes(Math.ceilDiv(systems, WARPS), 1, 1),
        op.transposed() ? 1 : 0,
        systems,
        node.shape(1).dim(1),
        factor,
        b);
  }

  /** Where the result goes, holding an operand of the same type. */
  private static Buffer overwritten(LoweredNode node, int operand) {
    Value before = node.node().inputs().get(operand);
    Value after = node.results().getFirst();
    Buffer from = node.flat(operand);
    Buffer to = node.flatResult(0);
    if (!before.equals(after)) {
      node.program().copy(to, from, after.type().bytes());
    }
    return to;
  }
}
