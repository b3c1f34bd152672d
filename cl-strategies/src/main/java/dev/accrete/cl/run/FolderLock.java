package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that one process at a time may write to. The lock ends with the process at the latest.
 */
public final class FolderLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes a lock; what {@link FileChannel#tryLock()} does, or fails to do on some file systems. */
  interface Locking {
    @Nullable FileLock lock(FileChannel channel) throws IOException;
  }

  /**
   * Locks a folder. Where the file system has no locks the folder stays open to others, which is
   * said in a warning.
   *
   * @param name of the file to lock in it
   * @throws AccreteException if another process or another lock of this one holds it, or the file
   *     cannot be written
   */
  public static FolderLock of(Path folder, String name) {
    return of(folder, name, FileChannel::tryLock);
  }

  static FolderLock of(Path folder, String name, Locking locking) {
    Path file = folder.resolve(name);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Errors.unwritable(file, e);
    }
    FolderLock lock = new FolderLock(file, channel);
    if (!lock.tryLock(locking)) {
      lock.close();
      throw new AccreteException(
          folder + " is in use by another process: wait for it, or name another --out");
    }
    return lock;
  }

  private boolean tryLock(Locking locking) {
    try {
      return locking.lock(channel) != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be locked ({}): see to it that nothing else writes to this folder meanwhile",
          file,
          e.getMessage());
      return true;
    }
  }

  /** Lets others use the folder. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Errors.unwritable(file, e);
    }
  }
}
