package dev.accrete.cl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images of a set that other packs hold already, so that they need not be decoded again. */
final class KnownImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KnownImages.class);

  /** A content key, to look up by. */
  private record Key(long high, long low) {
    static Key of(ByteBuffer bytes) {
      return new Key(bytes.getLong(), bytes.getLong());
    }
  }

  private record Place(PackFile pack, MemorySegment mapped, int index) {}

  private final Arena arena = Arena.ofShared();
  private final Map<Key, Place> places = new HashMap<>();

  private KnownImages() {}

  /** Looks through the packs of a cache. */
  static KnownImages of(ImageSet source, Path cache, int imageBytes) {
    KnownImages known = new KnownImages();
    if (source instanceof ContentKeyed keyed) {
      Set<Key> wanted = new HashSet<>();
      for (int i = 0; i < source.size(); i++) {
        if (!keyed.isUnreadable(i)) {
          wanted.add(Key.of(ByteBuffer.wrap(keyed.contentKey(i))));
        }
      }
      List<ImageCache.Pack> packs = new ImageCache(cache).list();
      for (ImageCache.Pack pack : packs) {
        if (pack.height() == source.height() && pack.width() == source.width()) {
          known.add(pack.file(), wanted, imageBytes);
        }
      }
    }
    return known;
  }

  private void add(Path file, Set<Key> wanted, int imageBytes) {
    try (FileChannel channel = FileChannel.open(file)) {
      PackFile.Header header = PackFile.header(channel);
      if (header.about().imageBytes() != imageBytes || wanted.isEmpty()) {
        return;
      }
      PackFile pack = PackFile.read(channel, header);
      MemorySegment mapped = pack.map(channel, arena);
      for (int i = 0; i < pack.size(); i++) {
        Key key = Key.of(pack.key(i));
        if (wanted.remove(key)) {
          places.put(key, new Place(pack, mapped, i));
        }
      }
    } catch (IOException | PackFile.BadPackException e) {
      LOG.debug("Taking no images from {}: {}", file, e.toString());
    }
  }

  int size() {
    return places.size();
  }

  /** Copies an image, if it is known and undamaged. */
  boolean copy(byte[] contentKey, byte[] to) {
    Place place = places.get(Key.of(ByteBuffer.wrap(contentKey)));
    if (place == null) {
      return false;
    }
    try {
      place.pack.copy(place.mapped, place.index, to, 0);
      return true;
    } catch (PackFile.BadPackException e) {
      LOG.debug("Decoding an image again: {}", e.toString());
      return false;
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
