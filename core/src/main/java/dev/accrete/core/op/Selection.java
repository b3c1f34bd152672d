package dev.accrete.core.op;

/**
 * How a choice among the P elements of a flat buffer is stored: one bit per element, and for every
 * block of {@value #BLOCK} elements how many were chosen before it. Values that only the chosen
 * elements have are packed in order of their elements, so that the value of a chosen element {@code
 * i} is found at
 *
 * <pre>
 *   before[i / 1024] + bits set in the words from the start of i's block up to bit i
 * </pre>
 *
 * <p>Bit {@code i} is bit {@code i % 32}, counted from the lowest, of word {@code i / 32}. Bits
 * beyond the last element are 0. The 32 words of a block are one for each lane of a GPU's warp.
 */
public final class Selection {
  /** Elements of a block. */
  public static final int BLOCK = 1024;

  /** Elements of a word. */
  public static final int WORD = Integer.SIZE;

  private Selection() {}

  /** Words of the bitmap of {@code size} elements. */
  public static int words(int size) {
    return Math.ceilDiv(size, WORD);
  }

  /** Blocks of {@code size} elements. */
  public static int blocks(int size) {
    return Math.ceilDiv(size, BLOCK);
  }

  /** Whether element {@code i} is chosen. */
  public static boolean contains(int[] bits, int i) {
    return ((bits[i / WORD] >>> (i % WORD)) & 1) != 0;
  }

  /** How many elements are chosen. */
  public static int count(int[] bits) {
    int count = 0;
    for (int word : bits) {
      count += Integer.bitCount(word);
    }
    return count;
  }

  /** How many elements are chosen before each block. */
  public static int[] before(int[] bits) {
    int perBlock = BLOCK / WORD;
    int[] before = new int[Math.ceilDiv(bits.length, perBlock)];
    int count = 0;
    for (int i = 0; i < bits.length; i++) {
      if (i % perBlock == 0) {
        before[i / perBlock] = count;
      }
      count += Integer.bitCount(bits[i]);
    }
    return before;
  }
}
