package dev.accrete.cl.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes a set on all cores into a temporary file, which takes the name of the pack only when it
 * is complete and on the disk. Whatever goes wrong, no half-written pack is left.
 */
final class PackWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PackWriter.class);

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
  private final byte[] keys;
  private final AtomicInteger reused = new AtomicInteger();

  PackWriter(ImageSet source, PackOptions options, OutputOpener opener) {
    this.source = source;
    this.options = options;
    this.opener = opener;
    this.imageBytes = source.channels() * source.height() * source.width();
    this.crcs = new int[source.size()];
    this.corrupt = new boolean[source.size()];
    this.keys = new byte[source.size() * ContentKeyed.KEY];
  }

  /**
   * Writes the pack.
   *
   * @param fingerprint key to store in it
   * @throws DataException if an image cannot be decoded
   * @throws IOException if the disk is full or read-only
   */
  void write(Path file, String fingerprint) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp-" + UUID.randomUUID());
    ImageCache cache = new ImageCache(options.folder());
    try (KnownImages known = KnownImages.of(source, options.folder(), imageBytes)) {
      cache.sweep();
      cache.prune(Math.max(0, options.limit() - needed()));
      requireSpace();
      try (Output output = opener.open(temporary)) {
        Workers.forEach(source.size(), image -> put(image, known, output), options.progress());
        PackFile pack = compact(temporary, output, fingerprint);
        output.write(pack.head(), 0);
        output.force();
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      LOG.debug("{}: {} of {} images were known", file, reused.get(), source.size());
    } finally {
      if (Files.exists(temporary)) {
        ImageCache.deleteQuietly(temporary);
      }
    }
  }

  /** Bytes that the pack of a set takes. */
  private long needed() {
    return PackFile.length(source.size(), imageBytes);
  }

  private void requireSpace() throws IOException {
    long usable = Files.getFileStore(options.folder()).getUsableSpace();
    if (usable < needed()) {
      throw new IOException("No space left on device: " + megabytes(usable) + " are free");
    }
  }

  private void put(int index, KnownImages known, Output output) throws IOException {
    byte[] image = new byte[imageBytes];
    if (source instanceof ContentKeyed keyed && !keyed.isUnreadable(index)) {
      byte[] key = keyed.contentKey(index);
      System.arraycopy(key, 0, keys, index * ContentKeyed.KEY, ContentKeyed.KEY);
      if (known.copy(key, image)) {
        reused.incrementAndGet();
      } else {
        decode(index, image);
      }
    } else {
      decode(index, image);
    }
    crcs[index] = PackFile.crc(image, 0, imageBytes);
    output.write(ByteBuffer.wrap(image), position(index, source.size()));
  }

  /**
   * Only what can never be decoded is left out. A file that cannot be read is left out as well
   * where its set says so by its fingerprint, for then the pack is not used any more once it can.
   */
  private void decode(int index, byte[] image) {
    try {
      source.read(index, image, 0);
    } catch (DataException e) {
      boolean lasting =
          e instanceof DamagedImageException
              || (source instanceof ContentKeyed keyed && keyed.isUnreadable(index));
      if (options.onCorrupt() == OnCorrupt.FAIL || !lasting) {
        throw e;
      }
      LOG.warn("Skipping: {}", e.getMessage());
      corrupt[index] = true;
    }
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
    byte[] keptKeys = new byte[kept.length * ContentKeyed.KEY];
    for (int slot = 0; slot < kept.length; slot++) {
      System.arraycopy(
          keys, kept[slot] * ContentKeyed.KEY, keptKeys, slot * ContentKeyed.KEY, ContentKeyed.KEY);
    }
    return new PackFile(
        new PackFile.About(
            fingerprint, source.name(), source.size(), imageBytes, source.height(), source.width()),
        kept,
        IntStream.of(kept).map(source::label).toArray(),
        IntStream.of(kept).map(i -> crcs[i]).toArray(),
        keptKeys);
  }

  static String megabytes(long bytes) {
    return ((bytes + (1 << 20) - 1) >> 20) + " MiB";
  }
}
