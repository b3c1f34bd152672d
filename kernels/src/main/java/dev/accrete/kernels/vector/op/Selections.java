package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Best;
import dev.accrete.core.op.SelectParameters.Group;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SynapticImportance.Range;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The choice of parameters, once per experience, and values of the chosen ones. See {@link
 * Selection}.
 */
public final class Selections {
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int RUN = 8 * Selection.BLOCK;

  /**
   * Whether a word is two vectors. Then the processor has AVX-512, whose instructions expand one in
   * a few cycles; nobody knows how other processors would.
   */
  private static final boolean HALF_WORDS = 2 * WIDTH == Selection.WORD;

  private Selections() {}

  /** Which parameters are chosen: words, and how many are chosen before each block. */
  public record Bitmap(Operand bits, Operand before) {
    private int word(int i) {
      return bits.ints[bits.offset + i / Selection.WORD];
    }

    /** How many parameters before {@code i} are chosen, which lies within a block. */
    int rank(int i) {
      int block = i / Selection.BLOCK;
      int rank = before.ints[before.offset + block];
      int at = block * Selection.BLOCK;
      for (; at + Selection.WORD <= i; at += Selection.WORD) {
        rank += Integer.bitCount(word(at));
      }
      return at == i ? rank : rank + Integer.bitCount(word(at) & ((1 << (i - at)) - 1));
    }

    /**
     * Puts the packed values of parameters {@code [from, to)}, and zeros for those not chosen, into
     * {@code values} from {@code base} on.
     */
    void unpack(Operand packed, int from, int to, float[] values, int base) {
      Arrays.fill(values, base, base + to - from, 0);
      float[] source = packed.floats;
      int next = packed.offset + rank(from);
      for (int i = from; i < to; ) {
        int count = Math.min(Selection.WORD - i % Selection.WORD, to - i);
        int chosen = word(i) >>> (i % Selection.WORD);
        if (count < Selection.WORD) {
          chosen &= (1 << count) - 1;
        }
        int at = base + i - from;
        if (HALF_WORDS && count == Selection.WORD && next + Selection.WORD <= source.length) {
          expand(source, next, chosen, values, at);
        } else {
          int taken = next;
          for (int rest = chosen; rest != 0; rest &= rest - 1) {
            values[at + Integer.numberOfTrailingZeros(rest)] = source[taken++];
          }
        }
        next += Integer.bitCount(chosen);
        i += count;
      }
    }

    /** A whole word at once, where there are at least 32 packed values to read. */
    private static void expand(float[] packed, int next, int chosen, float[] values, int at) {
      int low = chosen & 0xffff;
      FloatVector.fromArray(SPECIES, packed, next)
          .expand(VectorMask.fromLong(SPECIES, low))
          .intoArray(values, at);
      FloatVector.fromArray(SPECIES, packed, next + Integer.bitCount(low))
          .expand(VectorMask.fromLong(SPECIES, chosen >>> WIDTH))
          .intoArray(values, at + WIDTH);
    }

    /** Puts the values of the chosen of parameters {@code [from, to)} where they belong. */
    void pack(Operand values, int from, int to, Operand packed) {
      int next = packed.offset + rank(from);
      for (int i = from; i < to; i += Selection.WORD) {
        for (int rest = word(i); rest != 0; rest &= rest - 1) {
          int bit = Integer.numberOfTrailingZeros(rest);
          packed.floats[next++] = values.floats[values.offset + i + bit];
        }
      }
    }
  }

  /** See {@link dev.accrete.core.op.PackSelected}. */
  public static Step pack(TileRunner runner, Operand values, Bitmap bitmap, Operand packed) {
    int size = values.shape().size();
    TileBody body =
        (tile, scratch) ->
            bitmap.pack(values, tile * RUN, Math.min(size, (tile + 1) * RUN), packed);
    int tiles = Math.ceilDiv(size, RUN);
    return () -> {
      int end = packed.offset + packed.shape().size();
      Arrays.fill(packed.floats, packed.offset, end, 0);
      runner.run(tiles, body);
    };
  }

  /** See {@link dev.accrete.core.op.UnpackSelected}. */
  public static Step unpack(TileRunner runner, Operand packed, Bitmap bitmap, Operand values) {
    int size = values.shape().size();
    TileBody body =
        (tile, scratch) -> {
          int from = tile * RUN;
          int to = Math.min(size, from + RUN);
          bitmap.unpack(packed, from, to, values.floats, values.offset + from);
        };
    int tiles = Math.ceilDiv(size, RUN);
    return () -> runner.run(tiles, body);
  }

  /**
   * See {@link SelectParameters}. By digits, the highest first: the counts of a digit's values tell
   * in which value the last element to choose lies, and only elements of that value compete for the
   * next digit. Four passes find the key of the last element, a fifth marks what is above it and,
   * in order, what equals it. On one thread: about 0.1 s for 3 million parameters, once per
   * experience.
   */
  public static Step select(SelectParameters op, Operand scores, Operand bits, Operand before) {
    int[] counts = new int[DIGITS];
    return () -> {
      int words = bits.shape().size();
      Arrays.fill(bits.ints, bits.offset, bits.offset + words, 0);
      for (Group group : op.groups()) {
        if (group.count() > 0) {
          new Search(op.best(), group, scores, counts).mark(bits);
        }
      }
      count(bits, before);
    };
  }

  /** Counts the chosen before each block. */
  private static void count(Operand bits, Operand before) {
    int perBlock = Selection.BLOCK / Selection.WORD;
    int count = 0;
    for (int i = 0; i < bits.shape().size(); i++) {
      if (i % perBlock == 0) {
        before.ints[before.offset + i / perBlock] = count;
      }
      count += Integer.bitCount(bits.ints[bits.offset + i]);
    }
  }

  /** The search for the last element of a group that is chosen. */
  private static final class Search {
    private final Best best;
    private final Group group;
    private final Operand scores;
    private final int[] counts;

    /** The digits of the last element's key that are known, and 0 below. */
    private int key;

    /** How many elements that agree with {@link #key} in its known digits are chosen. */
    private int left;

    Search(Best best, Group group, Operand scores, int[] counts) {
      this.best = best;
      this.group = group;
      this.scores = scores;
      this.counts = counts;
      left = group.count();
      for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
        digit(shift);
      }
    }

    private int key(int i) {
      return SelectParameters.key(best, Float.floatToRawIntBits(scores.floats[scores.offset + i]));
    }

    private void digit(int shift) {
      Arrays.fill(counts, 0);
      for (Range range : group.ranges()) {
        for (int i = range.offset(); i < range.offset() + range.length(); i++) {
          int candidate = key(i);
          // Two shifts, for Java would take one by 32 as one by 0.
          if (((candidate ^ key) >>> shift) >>> DIGIT_BITS == 0) {
            counts[(candidate >>> shift) & (DIGITS - 1)]++;
          }
        }
      }
      int digit = DIGITS - 1;
      while (counts[digit] < left) {
        left -= counts[digit--];
      }
      key |= digit << shift;
    }

    void mark(Operand bits) {
      for (Range range : group.ranges()) {
        for (int i = range.offset(); i < range.offset() + range.length(); i++) {
          int order = Integer.compareUnsigned(key(i), key);
          if (order > 0 || (order == 0 && left-- > 0)) {
            bits.ints[bits.offset + i / Selection.WORD] |= 1 << (i % Selection.WORD);
          }
        }
      }
    }
  }
}
