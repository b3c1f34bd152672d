package dev.accrete.cl.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the SHA-256 of files by their {@link FileStamp}, so that a data set is read once and
 * not at every start. One file for each data folder, replaced as a whole: of two processes the last
 * one wins, and the other's work is merely done again.
 *
 * <p>Its limit: a file whose content changes while size, times and number stay as they were is not
 * noticed. On Linux and macOS that takes more than a user can do, for the time of change (ctime)
 * follows every write; where there is no such time, a program that sets the time of modification
 * back deceives it. As in git, a file that changed within two seconds before it was read is not
 * remembered at all, for it may change again within the resolution of the clock.
 */
final class DigestIndex {
  static final String SUFFIX = ".digests";
  static final int DIGEST = 32;
  private static final Logger LOG = LoggerFactory.getLogger(DigestIndex.class);
  private static final long MAGIC = 0x41434344_49475331L;
  private static final long RACY = TimeUnit.SECONDS.toNanos(2);
  private static final int MAX_ENTRIES = 100_000_000;

  private record Entry(FileStamp stamp, @SuppressWarnings("ArrayRecordComponent") byte[] digest) {}

  private final Path file;
  private final Map<String, Entry> entries;
  private final Map<String, Entry> added = new ConcurrentHashMap<>();

  private DigestIndex(Path file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /** The index of a data folder; empty if there is none that can be read. */
  static DigestIndex open(Path cache, Path root) {
    String key = new Fingerprint("digests").add(root.toAbsolutePath().normalize().toString()).hex();
    Path file = cache.resolve(key + SUFFIX);
    return new DigestIndex(file, read(file));
  }

  /** The digest of an unchanged file. */
  Optional<byte[]> find(String name, FileStamp stamp) {
    Entry entry = entries.get(name);
    return entry != null && entry.stamp.equals(stamp)
        ? Optional.of(entry.digest)
        : Optional.empty();
  }

  /**
   * Adds a file.
   *
   * @param stamp taken before the file was read, {@code now} too (nanoseconds since 1970)
   */
  void add(String name, FileStamp stamp, long now, byte[] digest) {
    if (stamp.latest() < now - RACY) {
      added.put(name, new Entry(stamp, digest));
    }
  }

  /** Writes what was added. A cache that cannot be written only makes the next start slower. */
  void save() {
    if (added.isEmpty()) {
      ImageCache.touch(file);
      return;
    }
    Map<String, Entry> all = new HashMap<>(read(file));
    all.putAll(added);
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp-" + UUID.randomUUID());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      write(temporary, all);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("Cannot remember which images were read: {}", e.toString());
      ImageCache.deleteQuietly(temporary);
    }
  }

  private static void write(Path temporary, Map<String, Entry> all) throws IOException {
    CRC32C crc = new CRC32C();
    try (OutputStream raw = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW);
        DataOutputStream out =
            new DataOutputStream(new CheckedOutputStream(new BufferedOutputStream(raw), crc))) {
      out.writeLong(MAGIC);
      out.writeInt(all.size());
      for (Map.Entry<String, Entry> pair : all.entrySet()) {
        FileStamp stamp = pair.getValue().stamp;
        out.writeUTF(pair.getKey());
        out.writeLong(stamp.size());
        out.writeLong(stamp.modified());
        out.writeLong(stamp.changed());
        out.writeLong(stamp.number());
        out.write(pair.getValue().digest);
      }
      out.writeInt((int) crc.getValue());
    }
  }

  private static Map<String, Entry> read(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    CRC32C crc = new CRC32C();
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in =
            new DataInputStream(new CheckedInputStream(new BufferedInputStream(raw), crc))) {
      if (in.readLong() != MAGIC) {
        throw new IOException("it is of another kind");
      }
      int count = in.readInt();
      if (count < 0 || count > MAX_ENTRIES) {
        throw new IOException("it claims " + count + " entries");
      }
      Map<String, Entry> entries = new HashMap<>();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        FileStamp stamp = new FileStamp(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        byte[] digest = in.readNBytes(DIGEST);
        if (digest.length < DIGEST) {
          throw new IOException("it ends early");
        }
        entries.put(name, new Entry(stamp, digest));
      }
      int expected = (int) crc.getValue();
      if (in.readInt() != expected) {
        throw new IOException("its checksum does not fit");
      }
      return entries;
    } catch (IOException e) {
      LOG.warn("Reading all images again: the index {} cannot be used ({})", file, e.toString());
      return Map.of();
    }
  }
}
