package dev.accrete.production.store;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.image.ImageDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * Some of the store's images, decoded: labels are the store's class ids. Thread-safe; to be closed.
 */
public final class StoredImages implements ImageSet {
  /** An image and where its pixels are. */
  record Entry(StoredImage image, int label, Path pack, long offset, int position, int crc) {
    /** The same with another label. */
    Entry labelled(int other) {
      return new Entry(image, other, pack, offset, position, crc);
    }
  }

  private final String name;
  private final int side;
  private final List<String> classNames;
  private final List<Entry> entries;
  private final Map<Path, FileChannel> channels = new ConcurrentHashMap<>();

  StoredImages(String name, int side, List<String> classNames, List<Entry> entries) {
    this.name = name;
    this.side = side;
    this.classNames = List.copyOf(classNames);
    this.entries = List.copyOf(entries);
  }

  /** What is known of an image. */
  public StoredImage image(int index) {
    return entries.get(index).image();
  }

  List<Entry> entries() {
    return entries;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public int height() {
    return side;
  }

  @Override
  public int width() {
    return side;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return entries.get(index).label();
  }

  @Override
  public String describe(int index) {
    StoredImage image = entries.get(index).image();
    return image.day() + "/" + image.name();
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    Entry entry = entries.get(index);
    int bytes = 3 * side * side;
    Objects.checkFromIndexSize(offset, bytes, destination.length);
    try {
      FileChannel channel = channel(entry.pack());
      ByteBuffer buffer = ByteBuffer.wrap(destination, offset, bytes);
      long at = entry.offset() + (long) entry.position() * bytes;
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, at);
        if (count < 0) {
          throw new IOException("it has been cut");
        }
        at += count;
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot read the pixels of "
              + describe(index)
              + " from "
              + entry.pack()
              + ": "
              + e.getMessage()
              + "; accrete store check says what else is damaged",
          e);
    }
    if (crc(destination, offset, bytes) != entry.crc()) {
      throw new DataException(
          "the pixels of "
              + describe(index)
              + " in "
              + entry.pack()
              + " have changed on the disk; accrete store check says what else is damaged");
    }
  }

  private FileChannel channel(Path pack) throws IOException {
    FileChannel open = channels.get(pack);
    if (open != null) {
      return open;
    }
    FileChannel opened = FileChannel.open(pack);
    FileChannel other = channels.putIfAbsent(pack, opened);
    if (other == null) {
      return opened;
    }
    opened.close();
    return other;
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  @Override
  public String fingerprint() {
    MessageDigest digest = Digests.sha256();
    add(digest, "store " + ImageDecoder.VERSION + " " + side);
    classNames.forEach(each -> add(digest, each));
    entries.forEach(entry -> add(digest, entry.image().sha256() + " " + entry.label()));
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /** Closes the files; reading afterwards opens them again. */
  @Override
  public void close() {
    for (Path pack : List.copyOf(channels.keySet())) {
      FileChannel channel = channels.remove(pack);
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new DataException("cannot close " + pack + ": " + e, e);
        }
      }
    }
  }
}
