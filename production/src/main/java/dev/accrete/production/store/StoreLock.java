package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process and one thread at a time takes in a day, makes a version, or removes files. What is
 * instant (promotions, predictions, feedback) needs no more than the database's own lock.
 */
final class StoreLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);
  private static final long PAUSE = Duration.ofMillis(50).toNanos();

  /**
   * What this process holds. Such a file is not even opened: where locks are POSIX's, closing it
   * again would drop the lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Without symbolic links: one file has one name here. */
  private final Path file;

  private final FileChannel channel;

  private StoreLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting for it a while.
   *
   * @throws AccreteException if somebody holds it for longer, or the file cannot be written
   */
  static StoreLock of(Path file, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    Path real = real(file);
    while (true) {
      Optional<StoreLock> lock = HELD.add(real) ? attempt(real) : Optional.empty();
      if (lock.isPresent()) {
        return lock.get();
      }
      if (System.nanoTime() - end >= 0) {
        throw new AccreteException(
            "the store "
                + file.getParent()
                + " is in use: a day is taken in, a version made or something removed by another"
                + " process or thread; try again when it has finished");
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private static Path real(Path file) {
    try {
      return file.resolveSibling(".").toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      throw Disk.failed("lock " + file, e);
    }
  }

  private static Optional<StoreLock> attempt(Path file) {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      HELD.remove(file);
      throw Disk.failed("lock " + file, e);
    }
    StoreLock lock = new StoreLock(file, channel);
    if (lock.isTaken()) {
      return Optional.of(lock);
    }
    lock.close();
    return Optional.empty();
  }

  private boolean isTaken() {
    try {
      @Nullable FileLock taken = channel.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process, through another class loader's class
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be locked ({}): see to it that nothing else changes this store meanwhile",
          file,
          e.getMessage());
      return true;
    }
  }

  /** Lets others work. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Disk.failed("unlock " + file, e);
    } finally {
      HELD.remove(file);
    }
  }
}
