package dev.accrete.kernels.cuda;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SynapticImportance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What changes weights: the update, importance, and the CWR head. */
final class UpdateLowering {
  /**
   * Parameters of one block: enough to hide a block's start, few enough to fill a device. Four
   * blocks of a {@link dev.accrete.core.op.Selection}, as sparse_sgd_synaptic has it.
   */
  private static final int TILE = 4096;

  /** Words of the struct UpdateTile of updates.cu. */
  private static final int TILE_WORDS = 5;

  private static final int CONSOLIDATION_THREADS = 1024;

  private UpdateLowering() {}

  static void step(SgdSynaptic sgd, LoweredNode node) {
    // Operands that the penalty does without are never read; any address will do for them.
    update(
        "sgd_synaptic",
        sgd,
        node,
        weights ->
            List.of(
                sgd.penalty() == Penalty.NONE ? weights : node.flat(5),
                sgd.penalty() == Penalty.QUADRATIC ? node.flat(6) : weights));
  }

  static void sparseStep(SgdSynaptic sgd, LoweredNode node) {
    update(
        "sparse_sgd_synaptic",
        sgd,
        node,
        weights ->
            List.of(
                node.shape(5).size(),
                node.shape(6).size(),
                node.flat(5),
                node.flat(6),
                node.flat(7),
                sgd.penalty() == Penalty.QUADRATIC ? node.flat(8) : weights));
  }

  /** An update kernel; {@code importance}, given the weights, names its last arguments. */
  private static void update(
      String kernel, SgdSynaptic sgd, LoweredNode node, Function<Buffer, List<Object>> importance) {
    Buffer weights = inPlace(node, 1, 0);
    Buffer momentum = inPlace(node, 3, 1);
    Buffer trajectory = inPlace(node, 4, 2);
    int[] words = tiles(sgd);
    if (words.length == 0) {
      return;
    }
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                struct(sgd),
                node.program().constant(words),
                node.flat(0),
                weights,
                node.flat(2),
                momentum,
                trajectory));
    arguments.addAll(importance.apply(weights));
    Grid grid = Grid.blocks(words.length / TILE_WORDS);
    node.launch(KernelFile.UPDATES, kernel, grid, arguments.toArray());
  }

  /** The result, holding what the operand holds: the kernel changes what is in a segment. */
  private static Buffer inPlace(LoweredNode node, int operand, int result) {
    Value before = node.node().inputs().get(operand);
    Value after = node.results().get(result);
    Buffer to = node.flatResult(result);
    if (!before.equals(after)) {
      node.program().copy(to, node.flat(operand), after.type().bytes());
    }
    return to;
  }

  /** The structs UpdateTile; no tile goes across a multiple of its length. */
  private static int[] tiles(SgdSynaptic sgd) {
    List<Integer> words = new ArrayList<>();
    for (Segment segment : sgd.segments()) {
      int end = segment.offset() + segment.length();
      int from = segment.offset();
      while (from < end) {
        int to = Math.min(end, (from / TILE + 1) * TILE);
        words.add(from);
        words.add(to - from);
        words.add(Float.floatToRawIntBits(segment.multiplier()));
        words.add(Float.floatToRawIntBits(segment.weightDecay()));
        words.add(segment.synaptic() ? 1 : 0);
        from = to;
      }
    }
    return words.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The struct Sgd of updates.cu. */
  private static int[] struct(SgdSynaptic sgd) {
    int penalty =
        switch (sgd.penalty()) {
          case NONE -> 0;
          case GRADIENT_SCALE -> 1;
          case QUADRATIC -> 2;
        };
    return new int[] {
      Float.floatToRawIntBits(sgd.momentum()),
      sgd.nesterov() ? 1 : 0,
      penalty,
      Float.floatToRawIntBits(sgd.importanceMax()),
      Float.floatToRawIntBits(sgd.strength()),
      sgd.trajectory() == Trajectory.SOLVER_UPDATE ? 1 : 0
    };
  }

  static void importance(SynapticImportance op, LoweredNode node) {
    int[] runs = new int[Math.max(1, 2 * op.ranges().size())];
    for (int i = 0; i < op.ranges().size(); i++) {
      SynapticImportance.Range range = op.ranges().get(i);
      runs[2 * i] = range.offset();
      runs[2 * i + 1] = range.offset() + range.length();
    }
    int count = node.shape(0).size();
    node.launch(
        KernelFile.UPDATES,
        "synaptic_importance",
        node.over(count),
        count,
        op.ranges().size(),
        op.scale(),
        op.damping(),
        op.max(),
        node.program().constant(runs),
        node.flat(0),
        node.flat(1),
        node.flat(2),
        node.flat(3),
        node.flatResult(0),
        node.flatResult(1),
        node.flatResult(2),
        node.flatResult(3));
  }

  static void consolidate(ConsolidateHead head, LoweredNode node) {
    Shape weights = node.shape(0);
    boolean averaged =
        switch (head.rule()) {
          case CWR_STAR -> true;
          case CWR_PLUS -> false;
        };
    node.launch(
        KernelFile.HEADS,
        "consolidate_head",
        new Grid(1, 1, 1, CONSOLIDATION_THREADS, 1),
        weights.dim(0),
        weights.dim(1),
        averaged ? 1 : 0,
        node.flat(0),
        node.flat(1),
        node.flat(2),
        node.flat(3),
        node.flatResult(0),
        node.flatResult(1));
  }

  static void loadHead(LoweredNode node) {
    Shape bank = node.shape(0);
    node.launch(
        KernelFile.HEADS,
        "load_head",
        node.over(bank.size()),
        bank.size(),
        bank.dim(1),
        node.flat(0),
        node.flat(1),
        node.flatResult(0));
  }
}
