package dev.accrete.nn.io;

import dev.accrete.core.AccreteException;
import dev.accrete.core.MemoryException;
import java.util.Locale;

/** Refuses files that cannot be held in memory, before anything is allocated for them. */
final class FileSize {
  private static final double MIB = 1 << 20;

  private FileSize() {}

  /**
   * Refuses what the heap cannot hold at its largest.
   *
   * @param file for the message
   * @param bytes the length of the file
   * @param copies how many times its content is held while it is read
   * @throws MemoryException if the heap is too small
   */
  static void checkHeap(Object file, long bytes, int copies) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap / copies) {
      throw new MemoryException(
          String.format(
              Locale.ROOT,
              "cannot read %s: it has %.0f MiB and needs %d times that, the heap ends at %.0f MiB;"
                  + " start Java with a larger -Xmx, or check that this is the right file",
              file,
              bytes / MIB,
              copies,
              heap / MIB));
    }
  }

  /**
   * Refuses what its format cannot be.
   *
   * @param most the largest length in bytes
   * @param reason why there is such a length
   * @throws AccreteException if the file is longer
   */
  static void checkLimit(Object file, long bytes, long most, String reason) {
    if (bytes > most) {
      throw new AccreteException(
          "cannot read "
              + file
              + ": it has "
              + bytes
              + " bytes, but "
              + reason
              + "; check that this is the right file");
    }
  }
}
