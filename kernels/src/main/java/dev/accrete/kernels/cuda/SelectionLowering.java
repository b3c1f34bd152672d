package dev.accrete.kernels.cuda;

import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Group;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SynapticImportance.Range;
import java.util.ArrayList;
import java.util.List;

/** The choice of parameters for sparse importance, and values of the chosen ones. */
final class SelectionLowering {
  /** Parameters of one block of threads. */
  private static final int TILE = 4096;

  /** Words of the struct SelectTile of updates.cu. */
  private static final int TILE_WORDS = 4;

  /** Words of the struct SelectState. */
  private static final int STATE_WORDS = 2;

  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int COUNTING_THREADS = 1024;
  private static final int WARPS = Grid.THREADS / Selection.WORD;

  private SelectionLowering() {}

  static void select(SelectParameters op, LoweredNode node) {
    Program program = node.program();
    Buffer bits = node.flatResult(0);
    Buffer before = node.flatResult(1);
    int words = node.resultShape(0).size();
    program.fill(bits, 0, words);
    int[] tiles = tiles(op);
    if (tiles.length > 0) {
      mark(op, node, tiles, bits);
    }
    node.launch(
        KernelFile.UPDATES,
        "select_before",
        new Grid(1, 1, 1, COUNTING_THREADS, 1),
        words,
        node.resultShape(1).size(),
        bits,
        before);
  }

  private static void mark(SelectParameters op, LoweredNode node, int[] table, Buffer bits) {
    Program program = node.program();
    int groups = op.groups().size();
    int best =
        switch (op.best()) {
          case LARGEST -> 0;
          case SMALLEST -> 1;
          case MAGNITUDE -> 2;
        };
    Buffer tiles = program.constant(table);
    int[] initial = new int[STATE_WORDS * groups];
    for (int g = 0; g < groups; g++) {
      initial[STATE_WORDS * g + 1] = op.groups().get(g).count();
    }
    Buffer states = program.block((long) Integer.BYTES * initial.length);
    program.copy(states, program.constant(initial), states.bytes());
    Buffer counts = program.block((long) Integer.BYTES * DIGITS * groups);
    program.fill(counts, 0, (long) DIGITS * groups);
    Buffer scores = node.flat(0);
    Grid grid = Grid.blocks(table.length / TILE_WORDS);
    KernelFile file = KernelFile.UPDATES;
    for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      node.launch(file, "select_count", grid, best, shift, tiles, scores, states, counts);
      node.launch(file, "select_digit", Grid.blocks(groups), shift, counts, states);
    }
    Buffer ties = program.block((long) Integer.BYTES * grid.x());
    node.launch(file, "select_ties", grid, best, tiles, scores, states, ties);
    node.launch(file, "select_mark", grid, best, tiles, scores, states, ties, bits);
  }

  /** The structs SelectTile of all groups, one after the other. */
  private static int[] tiles(SelectParameters op) {
    List<Integer> words = new ArrayList<>();
    for (int g = 0; g < op.groups().size(); g++) {
      Group group = op.groups().get(g);
      int first = words.size() / TILE_WORDS;
      for (Range range : group.ranges()) {
        int end = range.offset() + range.length();
        for (int from = range.offset(); from < end; from += TILE) {
          words.addAll(List.of(from, Math.min(TILE, end - from), g, first));
        }
      }
    }
    return words.stream().mapToInt(Integer::intValue).toArray();
  }

  static void pack(LoweredNode node) {
    Buffer packed = node.flatResult(0);
    node.program().fill(packed, 0, node.resultShape(0).size());
    move("pack_selected", node.shape(1).size(), node, packed);
  }

  static void unpack(LoweredNode node) {
    move("unpack_selected", node.resultShape(0).size(), node, node.flatResult(0));
  }

  private static void move(String kernel, int size, LoweredNode node, Buffer to) {
    int blocks = node.shape(2).size();
    node.launch(
        KernelFile.UPDATES,
        kernel,
        Grid.blocks(Math.min(node.program().mostBlocks(), Math.ceilDiv(blocks, WARPS))),
        size,
        blocks,
        node.flat(0),
        node.flat(1),
        node.flat(2),
        to);
  }
}
