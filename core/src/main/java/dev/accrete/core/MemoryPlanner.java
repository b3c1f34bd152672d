package dev.accrete.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lays the short-lived blocks of a program out in one arena, so that blocks that live at the same
 * time do not overlap and the arena is small. For straight-line programs whose steps are numbered.
 *
 * <p>Use: make the {@link #block blocks}, tell of every {@link #use use}, let results {@link #share
 * take over} the memory of operands that die there, then {@link #plan}. Placement is greedy,
 * largest block first, each into the tightest gap between the blocks placed before that live at the
 * same time (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net Inference",
 * greedy by size).
 */
public final class MemoryPlanner {
  /** The last step, for blocks that must survive the program. */
  public static final int FOREVER = Integer.MAX_VALUE;

  private final long alignment;
  private final List<Block> blocks = new ArrayList<>();
  private long size = -1;

  /**
   * A planner whose blocks start at multiples of {@code alignment} (in the unit of the sizes).
   *
   * @throws IllegalArgumentException if {@code alignment} is not positive
   */
  public MemoryPlanner(long alignment) {
    if (alignment < 1) {
      throw new IllegalArgumentException("alignment is " + alignment + ", must be positive");
    }
    this.alignment = alignment;
  }

  /** Adds a block of {@code length} units that is not used yet, and returns its number. */
  public int block(long length) {
    if (length < 0 || size >= 0) {
      throw new IllegalArgumentException(
          size >= 0 ? "the plan is made already" : "a block of " + length + " units");
    }
    blocks.add(new Block(Math.ceilDiv(length, alignment) * alignment, blocks.size()));
    return blocks.size() - 1;
  }

  /** Says that step {@code step} reads or writes a block. */
  public void use(int block, int step) {
    Block root = root(block);
    root.first = Math.min(root.first, step);
    root.last = Math.max(root.last, step);
  }

  /**
   * Lets a result take over the memory of an operand. Possible if the operand's last use is the
   * result's first and the operand's block is large enough; all uses of both must have been told.
   *
   * @return whether the two now share memory
   */
  public boolean share(int operand, int result) {
    Block from = root(operand);
    Block to = root(result);
    if (from == to || from.last != to.first || to.length > from.length) {
      return false;
    }
    from.last = to.last;
    to.parent = from.number;
    return true;
  }

  /** Places every block; afterwards {@link #offset} and {@link #size} answer. */
  public void plan() {
    size = 0;
    List<Block> placed = new ArrayList<>();
    blocks.stream()
        .filter(block -> block.parent == block.number && block.first <= block.last)
        .sorted(
            Comparator.comparingLong((Block block) -> -block.length)
                .thenComparingInt(block -> block.first)
                .thenComparingInt(block -> block.number))
        .forEach(block -> place(block, placed));
  }

  private void place(Block block, List<Block> placed) {
    long end = 0;
    long bestGap = Long.MAX_VALUE;
    long best = -1;
    for (Block other : placed) {
      if (other.first > block.last || block.first > other.last) {
        continue;
      }
      long gap = other.offset - end;
      if (gap >= block.length && gap < bestGap) {
        bestGap = gap;
        best = end;
      }
      end = Math.max(end, other.offset + other.length);
    }
    block.offset = best >= 0 ? best : end;
    size = Math.max(size, block.offset + block.length);
    int index = 0;
    while (index < placed.size() && placed.get(index).offset <= block.offset) {
      index++;
    }
    placed.add(index, block);
  }

  /** Where a block starts. A block that is never used has no place: 0. */
  public long offset(int block) {
    return root(block).offset;
  }

  /** The length of the arena. */
  public long size() {
    if (size < 0) {
      throw new IllegalStateException("plan() has not been called");
    }
    return size;
  }

  private Block root(int number) {
    Block block = blocks.get(number);
    while (block.parent != block.number) {
      block = blocks.get(block.parent);
    }
    return block;
  }

  private static final class Block {
    final long length;
    final int number;
    int parent;
    int first = Integer.MAX_VALUE;
    int last = -1;
    long offset;

    Block(long length, int number) {
      this.length = length;
      this.number = number;
      this.parent = number;
    }
  }
}
