package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.LockFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that one process at a time may write to. The lock ends with the process at the latest.
 */
public final class FolderLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

  /**
   * What this process holds. Such a file is not even opened: where locks are POSIX's, closing it
   * again would drop the lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Without symbolic links: one file has one name here. */
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

  /** How an attempt to lock a file ended. */
  private enum Attempt {
    LOCKED,
    REFUSED,
    IMPOSSIBLE
  }

  /**
   * Locks a folder. Where the file system has no locks the folder stays open to other processes,
   * which is said in a warning.
   *
   * @param name of the file to lock in it
   * @throws AccreteException if another process or another lock of this one holds it, or the file
   *     cannot be written
   */
  public static FolderLock of(Path folder, String name) {
    return of(folder, name, FileChannel::tryLock);
  }

  static FolderLock of(Path folder, String name, Locking locking) {
    Path file;
    try {
      file = folder.toRealPath().resolve(name);
    } catch (IOException e) {
      throw Errors.unwritable(folder.resolve(name), e);
    }
    if (!HELD.add(file)) {
      throw inUse(folder);
    }
    boolean held = false;
    try {
      FolderLock lock = new FolderLock(file, channel(folder, file, locking));
      held = true;
      return lock;
    } catch (IOException e) {
      throw Errors.unwritable(file, e);
    } finally {
      if (!held) {
        HELD.remove(file);
      }
    }
  }

  /** Who held the lock may have removed the file after it was opened here: then another is made. */
  private static FileChannel channel(Path folder, Path file, Locking locking) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean locked = false;
      try {
        Attempt attempt = attempt(channel, file, locking);
        if (attempt == Attempt.REFUSED) {
          throw inUse(folder);
        }
        locked = attempt == Attempt.IMPOSSIBLE || LockFiles.hasName(channel, file);
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      if (locked) {
        return channel;
      }
    }
  }

  private static Attempt attempt(FileChannel channel, Path file, Locking locking) {
    try {
      return locking.lock(channel) == null ? Attempt.REFUSED : Attempt.LOCKED;
    } catch (OverlappingFileLockException e) {
      return Attempt.REFUSED; // held by this very process, through another class loader's class
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be locked ({}): see to it that nothing else writes to this folder meanwhile",
          file,
          e.getMessage());
      return Attempt.IMPOSSIBLE;
    }
  }

  private static AccreteException inUse(Path folder) {
    return new AccreteException(
        folder
            + " is in use by another process: wait until that has ended, or take another folder");
  }

  /**
   * Removes the file that is locked, for a folder that is to be as it was before. Only its holder
   * may, and only before {@link #close}: others would then lock a file that somebody else replaces.
   *
   * @throws IOException if it cannot be removed
   */
  public void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Lets others use the folder. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Errors.unwritable(file, e);
    } finally {
      HELD.remove(file);
    }
  }
}
