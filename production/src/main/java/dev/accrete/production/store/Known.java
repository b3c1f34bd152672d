package dev.accrete.production.store;

import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images that a new one is compared with. */
final class Known {
  private static final int FIRST = 1024;

  /** An image of the store, or one let in before in the same day. */
  record Image(String where, String label, Split split, Pixels pixels) {}

  /** Gives the pixels of an image. */
  interface Pixels {
    void read(byte[] into) throws IOException;
  }

  private final Map<String, Image> bySha = new HashMap<>();
  private Image[] images = new Image[FIRST];
  private long[] hashes = new long[FIRST];
  private int count;

  /** All kept images but those of one day, which may be taken in again. */
  static Known of(Core core, Session session, Optional<Day> day) throws SQLException {
    Known known = new Known();
    session.each(
        "SELECT i.sha256, i.dhash, d.name || '/' || i.name, c.name, i.split, p.path, p.offset,"
            + " i.position FROM images i JOIN days d ON d.id = i.day JOIN classes c ON c.id ="
            + " i.label JOIN packs p ON p.id = i.pack WHERE i.state = 'kept' AND i.day <> ? ORDER"
            + " BY i.id",
        row -> {
          String path = row.text(6);
          long offset = row.number(7);
          int position = row.integer(8);
          known.add(
              row.text(1),
              row.number(2),
              new Image(
                  row.text(3),
                  row.text(4),
                  Split.of(row.text(5)),
                  into -> read(core, path, offset + (long) position * into.length, into)));
        },
        day.map(Day::id).orElse(0));
    return known;
  }

  private static void read(Core core, String path, long at, byte[] into) throws IOException {
    try (FileChannel channel = FileChannel.open(core.home().root().resolve(path))) {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, at + buffer.position());
        if (count < 0) {
          throw new IOException(path + " has been cut");
        }
      }
    }
  }

  void add(String sha256, long hash, Image image) {
    bySha.put(sha256, image);
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
      images = Arrays.copyOf(images, 2 * count);
    }
    hashes[count] = hash;
    images[count++] = image;
  }

  /** The image with the same bytes. */
  Optional<Image> same(String sha256) {
    return Optional.ofNullable(bySha.get(sha256));
  }

  /** The images whose hashes differ in at most so many bits. */
  List<Image> near(long hash, int distance) {
    List<Image> near = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (Long.bitCount(hashes[i] ^ hash) <= distance) {
        near.add(images[i]);
      }
    }
    return near;
  }
}
