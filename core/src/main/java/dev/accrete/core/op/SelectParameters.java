package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Chooses the best elements of a flat buffer, exactly so many of each group.
 *
 * <p>Input: scores [P]. Results, both I32 and as {@link Selection} describes them: bits [P / 32,
 * rounded up] and before [P / 1024, rounded up]. Elements in no group are never chosen. Elements of
 * equal score are chosen in order of their index, so that the result is unique. The zeros of both
 * signs are equal; scores must not be NaN.
 *
 * @param groups whose elements compete with each other; they have no element in common
 * @param best which scores are best
 */
public record SelectParameters(List<Group> groups, Best best) implements Op {
  /** Which scores are best. */
  public enum Best {
    /** The largest. */
    LARGEST,
    /** The smallest. */
    SMALLEST,
    /** Those furthest from 0. */
    MAGNITUDE
  }

  /**
   * Elements of which some are chosen.
   *
   * @param ranges where they are, in order
   * @param count how many of them are chosen
   */
  public record Group(List<SynapticImportance.Range> ranges, int count) {
    public Group {
      ranges = List.copyOf(ranges);
      Operands.require(
          count >= 0 && count <= size(ranges),
          "SelectParameters: a group of "
              + size(ranges)
              + " elements cannot give "
              + count
              + " of them");
    }

    /** The number of elements that compete. */
    public int size() {
      return size(ranges);
    }

    private static int size(List<SynapticImportance.Range> ranges) {
      return ranges.stream().mapToInt(SynapticImportance.Range::length).sum();
    }
  }

  public SelectParameters {
    groups = List.copyOf(groups);
    for (Group group : groups) {
      int end = 0;
      for (SynapticImportance.Range range : group.ranges()) {
        Operands.require(
            range.offset() >= end && range.length() > 0,
            "SelectParameters: ranges must be in order and must not overlap, " + range + " is not");
        end = range.offset() + range.length();
      }
    }
  }

  /** How many elements are chosen. */
  public int count() {
    return groups.stream().mapToInt(Group::count).sum();
  }

  /**
   * A score as a number whose unsigned order is that of the scores, the best highest. Whatever
   * selects by digits of this key selects what this op defines.
   *
   * @param bits of the score, see {@link Float#floatToRawIntBits}
   */
  public static int key(Best best, int bits) {
    int magnitude = bits & Integer.MAX_VALUE;
    int ascending = bits < 0 && magnitude != 0 ? ~bits : magnitude ^ Integer.MIN_VALUE;
    return switch (best) {
      case LARGEST -> ascending;
      case SMALLEST -> ~ascending;
      case MAGNITUDE -> magnitude;
    };
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape scores = Operands.ranked(this, inputs, 0, "scores", 1);
    for (Group group : groups) {
      if (!group.ranges().isEmpty()) {
        SynapticImportance.Range last = group.ranges().getLast();
        Operands.require(
            last.offset() + last.length() <= scores.size(),
            "SelectParameters: " + last + " ends beyond the " + scores.size() + " scores");
      }
    }
    return List.of(
        TensorType.i32(Selection.words(scores.size())),
        TensorType.i32(Selection.blocks(scores.size())));
  }
}
