package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MemoryPlannerTest {
  private static final int ALIGNMENT = 16;

  /** A block of {@code length} units used in steps {@code first} to {@code last}. */
  private record Range(int length, int first, int last) {
    boolean meets(Range other) {
      return first <= other.last && other.first <= last;
    }
  }

  @Provide
  Arbitrary<List<Range>> programs() {
    Arbitrary<Integer> lengths = Arbitraries.integers().between(0, 500);
    Arbitrary<Integer> steps = Arbitraries.integers().between(0, 30);
    return Combinators.combine(lengths, steps, steps)
        .as((length, a, b) -> new Range(length, Math.min(a, b), Math.max(a, b)))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 300)
  void blocksThatLiveAtTheSameTimeDoNotOverlap(@ForAll("programs") List<Range> ranges) {
    MemoryPlanner planner = planned(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(planner.offset(i) % ALIGNMENT).isZero();
      assertThat(planner.offset(i) + ranges.get(i).length).isLessThanOrEqualTo(planner.size());
      for (int j = 0; j < i; j++) {
        if (ranges.get(i).meets(ranges.get(j))) {
          assertThat(apart(planner, ranges, i, j)).as("blocks %d and %d", i, j).isTrue();
        }
      }
    }
  }

  @Property(tries = 300)
  void arenaIsNoSmallerThanNeededAndNoLargerThanAllBlocks(@ForAll("programs") List<Range> ranges) {
    long needed = 0;
    for (int step = 0; step <= 30; step++) {
      Range now = new Range(0, step, step);
      needed = Math.max(needed, ranges.stream().filter(now::meets).mapToLong(this::padded).sum());
    }
    long all = ranges.stream().mapToLong(this::padded).sum();
    assertThat(planned(ranges).size()).isBetween(needed, all);
  }

  /** A chain in which every result takes over its operand needs one block. */
  @Property(tries = 50)
  void chainOfTakeoversSharesOneBlock(@ForAll List<Boolean> takesOver) {
    MemoryPlanner planner = new MemoryPlanner(1);
    List<Integer> blocks = new ArrayList<>();
    for (int i = 0; i <= takesOver.size(); i++) {
      int block = planner.block(10);
      planner.use(block, i);
      planner.use(block, i + 1);
      blocks.add(block);
    }
    for (int i = 0; i < takesOver.size(); i++) {
      if (takesOver.get(i)) {
        assertThat(planner.share(blocks.get(i), blocks.get(i + 1))).isTrue();
      }
    }
    planner.plan();
    for (int i = 0; i < takesOver.size(); i++) {
      boolean together = planner.offset(blocks.get(i)) == planner.offset(blocks.get(i + 1));
      assertThat(together).isEqualTo(takesOver.get(i));
    }
    assertThat(planner.size()).isEqualTo(takesOver.contains(false) ? 20 : 10);
  }

  @Test
  void operandThatIsStillNeededKeepsItsMemory() {
    MemoryPlanner planner = new MemoryPlanner(1);
    int operand = used(planner, 10, 0, 3);
    int result = used(planner, 10, 2, 4);
    assertThat(planner.share(operand, result)).isFalse();
    planner.plan();
    assertThat(planner.size()).isEqualTo(20);
  }

  @Test
  void largerResultDoesNotFitItsOperand() {
    MemoryPlanner planner = new MemoryPlanner(1);
    int operand = used(planner, 10, 0, 2);
    assertThat(planner.share(operand, used(planner, 11, 2, 4))).isFalse();
  }

  @Test
  void operandSurvivesTheProgramIfItsHeirDoes() {
    MemoryPlanner planner = new MemoryPlanner(1);
    int operand = used(planner, 10, 0, 1);
    int output = used(planner, 10, 1, MemoryPlanner.FOREVER);
    planner.share(operand, output);
    int later = used(planner, 10, 5, 6);
    planner.plan();
    assertThat(planner.offset(later)).isNotEqualTo(planner.offset(output));
  }

  @Test
  void blocksNeverUsedTakeNoMemory() {
    MemoryPlanner planner = new MemoryPlanner(1);
    planner.block(1000);
    planner.plan();
    assertThat(planner.size()).isZero();
  }

  @Test
  void sizeIsKnownOnlyOncePlanned() {
    MemoryPlanner planner = new MemoryPlanner(1);
    assertThatThrownBy(planner::size).isInstanceOf(IllegalStateException.class);
    planner.plan();
    assertThatThrownBy(() -> planner.block(1)).hasMessageContaining("made already");
    assertThatThrownBy(() -> new MemoryPlanner(0)).hasMessageContaining("alignment is 0");
  }

  private long padded(Range range) {
    return Math.ceilDiv(range.length, ALIGNMENT) * (long) ALIGNMENT;
  }

  private static MemoryPlanner planned(List<Range> ranges) {
    MemoryPlanner planner = new MemoryPlanner(ALIGNMENT);
    ranges.forEach(range -> used(planner, range.length, range.first, range.last));
    planner.plan();
    return planner;
  }

  private static int used(MemoryPlanner planner, int length, int first, int last) {
    int block = planner.block(length);
    planner.use(block, first);
    planner.use(block, last);
    return block;
  }

  private static boolean apart(MemoryPlanner planner, List<Range> ranges, int i, int j) {
    return planner.offset(i) + ranges.get(i).length <= planner.offset(j)
        || planner.offset(j) + ranges.get(j).length <= planner.offset(i);
  }
}
