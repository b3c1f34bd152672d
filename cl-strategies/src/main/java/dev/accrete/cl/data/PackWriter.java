package dev.accrete.cl.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes a set on all cores into a temporary file, which takes the name of the pack only when it
 * is complete and on the disk. Whatever goes wrong, no half-written pack is left.
 */
final class PackWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PackWriter.class);
  private static final int CHUNK = 16;
  private static final String TEMPORARY = ".tmp-";
  private static final long PID = ProcessHandle.current().pid();
  private static final AtomicInteger SERIAL = new AtomicInteger();
  private static final Duration ABANDONED = Duration.ofHours(1);

  /** A file that can be written at any place; a seam, so that tests can fill up the disk. */
  interface Output extends Closeable {
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Waits until everything written is on the disk. */
    void force() throws IOException;

    static Output open(Path file) throws IOException {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new Output() {
        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
          long at = position;
          while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
          }
        }

        @Override
        public void force() throws IOException {
          channel.force(true);
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }
  }

  /** Opens an {@link Output}. */
  interface OutputOpener {
    Output open(Path file) throws IOException;
  }

  private final ImageSet source;
  private final PackOptions options;
  private final OutputOpener opener;
  private final int imageBytes;
  private final int[] crcs;
  private final boolean[] corrupt;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean failed = new AtomicBoolean();
  private int done;

  PackWriter(ImageSet source, PackOptions options, OutputOpener opener) {
    this.source = source;
    this.options = options;
    this.opener = opener;
    this.imageBytes = source.channels() * source.height() * source.width();
    this.crcs = new int[source.size()];
    this.corrupt = new boolean[source.size()];
  }

  /**
   * Writes the pack.
   *
   * @param fingerprint key to store in it
   * @throws DataException if an image cannot be decoded or the disk is full or read-only
   */
  void write(Path file, String fingerprint) {
    Path temporary =
        file.resolveSibling(file.getFileName() + TEMPORARY + PID + "-" + SERIAL.incrementAndGet());
    try {
      Files.createDirectories(options.folder());
      removeAbandoned(file);
      requireSpace();
      try (Output output = opener.open(temporary)) {
        decodeAll(output);
        PackFile pack = compact(temporary, output, fingerprint);
        output.write(pack.head(), 0);
        output.force();
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DataException(
          "cannot write the image cache "
              + file
              + ": "
              + e
              + "; it needs "
              + megabytes(needed())
              + ". Free some space, or let the environment variable ACCRETE_CACHE name a folder"
              + " with more",
          e);
    } finally {
      if (Files.exists(temporary)) {
        deleteQuietly(temporary);
      }
    }
  }

  /** Removes what a killed process has left of the same pack. */
  private void removeAbandoned(Path file) throws IOException {
    String prefix = file.getFileName() + TEMPORARY;
    Instant limit = Instant.now().minus(ABANDONED);
    try (Stream<Path> list = Files.list(options.folder())) {
      for (Path old : list.filter(p -> p.getFileName().toString().startsWith(prefix)).toList()) {
        if (Files.getLastModifiedTime(old).toInstant().isBefore(limit)) {
          deleteQuietly(old);
        }
      }
    }
  }

  private long needed() {
    return PackFile.imagesStart(source.size()) + (long) source.size() * imageBytes;
  }

  private void requireSpace() throws IOException {
    long usable = Files.getFileStore(options.folder()).getUsableSpace();
    if (usable < needed()) {
      throw new IOException("No space left on device: " + megabytes(usable) + " are free");
    }
  }

  private void decodeAll(Output output) throws IOException {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        workers.add(
            pool.submit(
                () -> {
                  decodeSome(output);
                  return source;
                }));
      }
    }
    for (Future<?> worker : workers) {
      try {
        worker.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while decoding images", e);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException problem -> throw problem;
          case Error error -> throw error;
          case null, default -> throw new IOException(e);
        }
      }
    }
  }

  private void decodeSome(Output output) throws IOException {
    boolean finished = false;
    byte[] image = new byte[imageBytes];
    try {
      for (int from = next.getAndAdd(CHUNK);
          from < source.size() && !failed.get();
          from = next.getAndAdd(CHUNK)) {
        int to = Math.min(source.size(), from + CHUNK);
        for (int i = from; i < to; i++) {
          decode(i, image);
          output.write(ByteBuffer.wrap(image), position(i, source.size()));
        }
        report(to - from);
      }
      finished = true;
    } finally {
      if (!finished) {
        failed.set(true);
      }
    }
  }

  private void decode(int index, byte[] image) {
    try {
      source.read(index, image, 0);
      crcs[index] = PackFile.crc(image, 0, imageBytes);
    } catch (DataException e) {
      if (options.onCorrupt() == OnCorrupt.FAIL) {
        throw e;
      }
      LOG.warn("Skipping: {}", e.getMessage());
      corrupt[index] = true;
    }
  }

  private synchronized void report(int images) {
    done += images;
    options.progress().progress(done, source.size());
  }

  private long position(int slot, int count) {
    return PackFile.imagesStart(count) + (long) slot * imageBytes;
  }

  /** Builds the table; if images were skipped, moves the others together. */
  private PackFile compact(Path temporary, Output output, String fingerprint) throws IOException {
    int[] kept = IntStream.range(0, source.size()).filter(i -> !corrupt[i]).toArray();
    if (kept.length < source.size()) {
      byte[] image = new byte[imageBytes];
      try (FileChannel in = FileChannel.open(temporary)) {
        for (int slot = 0; slot < kept.length; slot++) {
          ByteBuffer buffer = ByteBuffer.wrap(image);
          PackFile.readFully(in, buffer, position(kept[slot], source.size()));
          // Slots only ever move towards the start, so nothing unread is overwritten.
          output.write(buffer.flip(), position(slot, kept.length));
        }
      }
      output.force();
      try (FileChannel all = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        all.truncate(position(kept.length, kept.length));
      }
    }
    return new PackFile(
        fingerprint,
        imageBytes,
        source.size(),
        kept,
        IntStream.of(kept).map(source::label).toArray(),
        IntStream.of(kept).map(i -> crcs[i]).toArray());
  }

  private static String megabytes(long bytes) {
    return ((bytes + (1 << 20) - 1) >> 20) + " MiB";
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("Could not remove the temporary file {}: {}", file, e.toString());
    }
  }
}
