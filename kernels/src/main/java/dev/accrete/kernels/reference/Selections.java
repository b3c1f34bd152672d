package dev.accrete.kernels.reference;

import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Best;
import dev.accrete.core.op.SelectParameters.Group;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SynapticImportance.Range;
import java.util.Arrays;
import java.util.List;

/** The choice of parameters, and values of the chosen ones. */
final class Selections {
  private Selections() {}

  static void select(SelectParameters op, Cells scores, List<Cells> out) {
    int[] bits = out.get(0).ints();
    Arrays.fill(bits, 0);
    for (Group group : op.groups()) {
      long[] order = order(op.best(), group, scores.floats());
      for (int i = 0; i < group.count(); i++) {
        int chosen = (int) order[i];
        bits[chosen / Selection.WORD] |= 1 << (chosen % Selection.WORD);
      }
    }
    int[] before = Selection.before(bits);
    System.arraycopy(before, 0, out.get(1).ints(), 0, before.length);
  }

  /** The elements of a group, best first, and in order of index where they are equally good. */
  private static long[] order(Best best, Group group, float[] scores) {
    long[] order = new long[group.size()];
    int next = 0;
    for (Range range : group.ranges()) {
      for (int i = range.offset(); i < range.offset() + range.length(); i++) {
        long key = SelectParameters.key(best, Float.floatToRawIntBits(scores[i]));
        // ~key ascends from the best; the shift makes the unsigned order one of signed longs.
        order[next++] = (((~key & 0xffff_ffffL) - (1L << 31)) << 32) | i;
      }
    }
    Arrays.sort(order);
    return order;
  }

  static void pack(List<Cells> in, Cells packed) {
    float[] values = in.get(0).floats();
    int[] bits = in.get(1).ints();
    int next = 0;
    Arrays.fill(packed.floats(), 0);
    for (int i = 0; i < values.length; i++) {
      if (Selection.contains(bits, i)) {
        packed.floats()[next++] = values[i];
      }
    }
  }

  static void unpack(List<Cells> in, Cells values) {
    System.arraycopy(
        unpacked(in.get(0).floats(), in.get(1).ints(), values.floats().length),
        0,
        values.floats(),
        0,
        values.floats().length);
  }

  /** Packed values where their elements are, and zeros elsewhere. */
  static float[] unpacked(float[] packed, int[] bits, int size) {
    float[] values = new float[size];
    int next = 0;
    for (int i = 0; i < size; i++) {
      if (Selection.contains(bits, i)) {
        values[i] = packed[next++];
      }
    }
    return values;
  }
}
