package dev.accrete.kernels.vector.tensor;

import dev.accrete.core.MemoryException;
import java.util.Locale;

/** Big arrays of floats. */
public final class Arena {
  /**
   * Where elements start. The JVM puts large arrays at addresses divisible by 64, behind a header
   * of 16 bytes: from the 12th element on, vectors do not straddle cache lines.
   */
  public static final int BASE = 12;

  private Arena() {}

  /** An array for {@code size} elements from {@link #BASE} on. */
  public static float[] floats(long size) {
    long length = size == 0 ? 0 : size + BASE + Lanes.BLOCK;
    if (length > Integer.MAX_VALUE - 8) {
      throw new MemoryException(
          String.format(
              Locale.ROOT,
              "a mini-batch needs %d MiB of activations, more than one array can hold (8191 MiB);"
                  + " take a smaller mini-batch",
              size >> 18));
    }
    return new float[(int) length];
  }

  /** The error to throw where memory is short. */
  public static MemoryException outOfMemory(String what, long bytes, OutOfMemoryError cause) {
    return new MemoryException(
        String.format(
            Locale.ROOT,
            "%s need %d MiB of heap, of which at most %d MiB are allowed; raise the limit"
                + " (-Xmx%dg among Java's options), or take a smaller mini-batch",
            what,
            Math.ceilDiv(bytes, 1L << 20),
            Runtime.getRuntime().maxMemory() >> 20,
            Math.ceilDiv(2 * bytes, 1L << 30) + 1),
        cause);
  }
}
