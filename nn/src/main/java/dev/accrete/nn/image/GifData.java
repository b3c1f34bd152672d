package dev.accrete.nn.image;

import static dev.accrete.nn.image.DamageException.require;

import java.util.Arrays;

/**
 * Counts the pixels in the compressed data of a GIF picture (GIF89a, appendix F): the JDK's reader
 * leaves those black that are missing.
 */
final class GifData {
  private static final int MOST_BITS = 12;
  private static final int MOST_CODES = 1 << MOST_BITS;

  private final Bytes bytes;
  private int at;
  private int blockEnd;
  private int bits;
  private int held;

  private GifData(Bytes bytes, int at) {
    this.bytes = bytes;
    this.at = at;
    this.blockEnd = at;
  }

  /**
   * Requires data for all pixels.
   *
   * @param start where the code size stands, before the first block of data
   */
  static void check(Bytes bytes, int start, long pixels) throws DamageException {
    int literalBits = bytes.u8(start);
    require(
        literalBits > 0 && literalBits < MOST_BITS,
        "its codes begin with " + literalBits + " bits");
    long found = new GifData(bytes, start + 1).pixels(literalBits, pixels);
    require(
        found >= pixels, "its data end after " + found + " of " + pixels + " pixels; it was cut");
  }

  private long pixels(int literalBits, long wanted) throws DamageException {
    int clear = 1 << literalBits;
    int[] lengths = new int[MOST_CODES];
    Arrays.fill(lengths, 0, clear, 1);
    int next = clear + 2;
    int size = literalBits + 1;
    int last = -1;
    long found = 0;
    while (found < wanted) {
      int code = code(size);
      if (code < 0 || code == clear + 1) {
        return found;
      }
      if (code == clear) {
        next = clear + 2;
        size = literalBits + 1;
        last = -1;
        continue;
      }
      if (code > next || (code == next && last < 0)) {
        throw new DamageException(
            "its data have an unknown code after " + found + " of " + wanted + " pixels");
      }
      if (last >= 0 && next < MOST_CODES) {
        lengths[next++] = lengths[last] + 1;
        if (next == 1 << size && size < MOST_BITS) {
          size++;
        }
      }
      found += lengths[code];
      last = code;
    }
    return found;
  }

  /** The next code, lowest bits first; -1 at the end of the data. */
  private int code(int size) throws DamageException {
    while (held < size) {
      if (at == blockEnd) {
        int length = bytes.u8(at++);
        blockEnd = at + length;
        if (length == 0) {
          at = --blockEnd;
          return -1;
        }
      }
      bits |= bytes.u8(at++) << held;
      held += Byte.SIZE;
    }
    int code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    return code;
  }
}
