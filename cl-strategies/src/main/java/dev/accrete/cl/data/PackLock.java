package dev.accrete.cl.data;

import dev.accrete.nn.io.LockFiles;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Held by whoever makes a pack, so that others wait for it: threads of this process, and other
 * processes and containers. It only saves double work. Where a file system has no locks two may
 * make the same pack, and the last to finish replaces the other's by an equal one.
 */
final class PackLock implements AutoCloseable {
  static final String SUFFIX = ".lock";

  /** Some systems keep others from writing what is locked. */
  static final long BEYOND_MARK = Long.MAX_VALUE - 1;

  private static final Logger LOG = LoggerFactory.getLogger(PackLock.class);
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  /** Locks a file; a seam, so that tests can have a file system without locks. */
  interface Locker {
    FileLock lock(FileChannel channel) throws IOException;
  }

  private final Path file;
  private final ReentrantLock thread;
  private final FileChannel channel;
  private final boolean exclusive;

  private PackLock(Path file, ReentrantLock thread, FileChannel channel, boolean exclusive) {
    this.file = file;
    this.thread = thread;
    this.channel = channel;
    this.exclusive = exclusive;
  }

  /** Waits for the right to make a pack. */
  static PackLock of(Path pack) throws IOException {
    return of(pack, PackLock::waitFor);
  }

  // The channel is closed, and with it the lock, when this object is.
  static PackLock of(Path pack, Locker locker) throws IOException {
    // Without symbolic links: one file has one name here.
    Path folder = pack.resolveSibling("").toRealPath();
    Path file = folder.resolve(pack.getFileName() + SUFFIX);
    ReentrantLock thread = THREADS.computeIfAbsent(file, f -> new ReentrantLock());
    thread.lock();
    Optional<FileChannel> channel = Optional.empty();
    try {
      while (true) {
        channel =
            Optional.of(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        boolean exclusive = lock(channel.get(), locker, pack);
        if (!exclusive || LockFiles.hasName(channel.get(), file)) {
          return new PackLock(file, thread, channel.get(), exclusive);
        }
        channel.get().close();
      }
    } catch (IOException | RuntimeException e) {
      if (channel.isPresent()) {
        channel.get().close();
      }
      thread.unlock();
      throw e;
    }
  }

  private static boolean lock(FileChannel channel, Locker locker, Path pack) throws IOException {
    try {
      return locker.lock(channel).isValid();
    } catch (ClosedChannelException | FileLockInterruptionException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn(
          "The file system of {} has no locks ({}); two processes may decode the same images",
          pack.getParent(),
          e.toString());
      return false;
    }
  }

  private static FileLock waitFor(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock(BEYOND_MARK, 1, false);
    if (lock != null) {
      return lock;
    }
    LOG.info("Waiting for another process that is decoding the same images");
    return channel.lock(BEYOND_MARK, 1, false);
  }

  /** Whether nobody else can be making this pack. */
  boolean isExclusive() {
    return exclusive;
  }

  @Override
  public void close() throws IOException {
    try {
      if (exclusive) {
        ImageCache.deleteQuietly(file);
      }
      channel.close();
    } finally {
      thread.unlock();
    }
  }
}
