package dev.accrete.kernels.cuda;

import dev.accrete.core.Value;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.StoredLatents;

/**
 * Latents into and out of banks. Cells are canonical and mini-batches channels-last: a latent is
 * transposed on its way.
 */
final class LatentLowering {
  private static final int TILE = 32;
  private static final int MOST_PLANES = 65_535;

  private LatentLowering() {}

  static void gather(GatherLatents gather, LoweredNode node) {
    Buffer rows = node.flat(0);
    Buffer y = node.activationResult(0);
    int count = node.resultShape(0).dim(0);
    for (StoredLatents bank : StoredLatents.of(gather, node.node().inputTypes(), 1)) {
      Buffer stored = node.flat(bank.operand());
      if (bank.coded()) {
        node.launch(
            KernelFile.LATENTS,
            "decode_latents",
            grid(bank.channels(), bank.positions(), count),
            count,
            bank.channels(),
            bank.positions(),
            bank.first(),
            bank.cells(),
            rows,
            stored,
            node.flat(bank.operand() + 1),
            y);
      } else {
        move(node, 0, bank.channels(), bank.positions(), bank, count, rows, stored, y);
      }
    }
  }

  static void scatter(ScatterLatents scatter, LoweredNode node) {
    StoredLatents bank = scatter.bank(node.node().inputTypes());
    Buffer latents = node.activation(0);
    Buffer cells = node.flat(1);
    Buffer stored = inPlace(scatter, node, 0);
    int count = node.shape(0).dim(0);
    if (bank.coded()) {
      node.launch(
          KernelFile.LATENTS,
          "encode_latents",
          Grid.ofLanes(Math.ceilDiv(bank.channels(), TILE), 1, planes(count)),
          count,
          bank.channels(),
          bank.positions(),
          cells,
          latents,
          stored,
          inPlace(scatter, node, 1));
    } else {
      move(node, 1, bank.positions(), bank.channels(), bank, count, cells, latents, stored);
    }
  }

  /** Transposes matrices of {@code height} x {@code width} from cells to rows, or back. */
  private static void move(
      LoweredNode node,
      int scatter,
      int height,
      int width,
      StoredLatents bank,
      int count,
      Buffer index,
      Buffer from,
      Buffer to) {
    node.launch(
        KernelFile.LATENTS,
        "move_latents",
        grid(height, width, count),
        count,
        scatter,
        height,
        width,
        bank.first(),
        bank.cells(),
        index,
        from,
        to);
  }

  private static Grid grid(int height, int width, int count) {
    return Grid.ofLanes(Math.ceilDiv(width, TILE), Math.ceilDiv(height, TILE), planes(count));
  }

  private static int planes(int count) {
    return Math.min(MOST_PLANES, count);
  }

  /** A result that holds what its bank held. */
  private static Buffer inPlace(ScatterLatents scatter, LoweredNode node, int result) {
    int operand = scatter.inPlaceInput(result);
    Value before = node.node().inputs().get(operand);
    Value after = node.results().get(result);
    Buffer to = node.flatResult(result);
    if (!before.equals(after)) {
      node.program().copy(to, node.flat(operand), after.type().bytes());
    }
    return to;
  }
}
