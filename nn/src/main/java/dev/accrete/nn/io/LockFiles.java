package dev.accrete.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Files that are there to be locked, and that their holder may remove. */
public final class LockFiles {
  private static final int LONGEST_MARK = 1 << 20;

  private LockFiles() {}

  /**
   * Whether the file that was locked still has its name. Who held it before may have removed it;
   * others may have made, and locked, a new one meanwhile. They are told apart by a random length,
   * for where locks are POSIX's, opening the file by its name would give the lock away: whatever
   * closes any descriptor of a file drops all locks that the process has on it. That it is written
   * to also keeps a lock in use from looking old.
   *
   * @param locked open for writing, and locked by the caller
   * @throws IOException if it cannot be written to
   */
  public static boolean hasName(FileChannel locked, Path file) throws IOException {
    int mark = 1 + ThreadLocalRandom.current().nextInt(LONGEST_MARK);
    locked.truncate(0);
    locked.write(ByteBuffer.allocate(1), mark - 1);
    try {
      return Files.size(file) == mark;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
