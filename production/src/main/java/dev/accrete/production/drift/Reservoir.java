package dev.accrete.production.drift;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Rows of numbers of a bounded, uniform sample of items: those whose hashes are least (a bottom-k
 * sample). It does not depend on the order in which items come, nor on how often they come, and an
 * item can be taken out again. Not thread-safe.
 */
public final class Reservoir {
  private static final String FORMAT = "accrete-reservoir-1";
  private static final String ROWS = "rows";
  private static final char SEPARATOR = '\n';

  private final String source;
  private final int capacity;
  private final int width;
  private final SortedMap<Key, float[]> rows = new TreeMap<>();

  /** Orders items at random, always alike. */
  private record Key(long priority, String id) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingLong(Key::priority).thenComparing(Key::id);

    static Key of(String id) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256")
                .digest(("reservoir " + id).getBytes(StandardCharsets.UTF_8));
        return new Key(ByteBuffer.wrap(digest).getLong(), id);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java runtime lacks SHA-256", e);
      }
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * An empty one.
   *
   * @param source what the numbers come from; a file of another source is not read
   * @param capacity items held at most
   * @param width numbers of a row
   */
  public Reservoir(String source, int capacity, int width) {
    if (capacity < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a reservoir of " + capacity + " rows of " + width + " numbers holds nothing");
    }
    this.source = source;
    this.capacity = capacity;
    this.width = width;
  }

  /** Which of some items such a reservoir holds if all of them come. */
  public static List<String> choose(Collection<String> ids, int capacity) {
    return ids.stream().distinct().map(Key::of).sorted().limit(capacity).map(Key::id).toList();
  }

  /** Items held. */
  public int size() {
    return rows.size();
  }

  /** Numbers of a row. */
  public int width() {
    return width;
  }

  /** The items held, in a random order that is always the same. */
  public List<String> ids() {
    return rows.keySet().stream().map(Key::id).toList();
  }

  /** A copy of the numbers of an item, if it is held. */
  public Optional<float[]> row(String id) {
    return Optional.ofNullable(rows.get(Key.of(id))).map(float[]::clone);
  }

  /** Takes an item if it belongs to the sample; what it displaces is gone for good. */
  public void offer(String id, float... row) {
    if (row.length != width) {
      throw new IllegalArgumentException(
          "a row has " + row.length + " numbers, must have " + width);
    }
    rows.put(Key.of(id), row.clone());
    if (rows.size() > capacity) {
      rows.remove(rows.lastKey());
    }
  }

  /** Takes out every item but these. */
  public void retain(Predicate<String> which) {
    rows.keySet().removeIf(key -> !which.test(key.id()));
  }

  /**
   * Writes one file, atomically.
   *
   * @throws AccreteException if it cannot be written
   */
  public void save(Path file) {
    Safetensors.write(file, contents());
  }

  /** What {@link #save} writes. */
  public byte[] bytes() {
    return Safetensors.encode(contents());
  }

  private TensorFile contents() {
    float[] values = new float[rows.size() * width];
    int at = 0;
    for (float[] row : rows.values()) {
      System.arraycopy(row, 0, values, at, width);
      at += width;
    }
    return TensorFile.of(
        Map.of(ROWS, StoredTensor.of(StoredType.F32, values, rows.size(), width)),
        Map.of(
            "format",
            FORMAT,
            "source",
            source,
            "ids",
            String.join(Character.toString(SEPARATOR), ids())));
  }

  /**
   * Takes the items of a file that {@link #save} wrote, if they have the same source.
   *
   * @return whether they have
   * @throws AccreteException if it cannot be read, or is damaged
   */
  public boolean load(Path file) {
    TensorFile contents = Safetensors.read(file);
    Map<String, String> remarks = contents.metadata();
    if (!FORMAT.equals(remarks.get("format")) || !source.equals(remarks.get("source"))) {
      return false;
    }
    List<String> ids = split(remarks.getOrDefault("ids", ""));
    float[] values = contents.floats(ROWS, ids.size(), width);
    for (int i = 0; i < ids.size(); i++) {
      float[] row = new float[width];
      System.arraycopy(values, i * width, row, 0, width);
      offer(ids.get(i), row);
    }
    return true;
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int to = text.indexOf(SEPARATOR); to >= 0; to = text.indexOf(SEPARATOR, from)) {
      parts.add(text.substring(from, to));
      from = to + 1;
    }
    if (!text.isEmpty()) {
      parts.add(text.substring(from));
    }
    return parts;
  }
}
