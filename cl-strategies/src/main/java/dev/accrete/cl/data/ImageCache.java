package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which {@link PackedImages} keeps decoded images. Whatever is removed from it can be
 * made again; files of other kinds are never touched.
 */
public final class ImageCache {
  private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);
  private static final Pattern PACK = Pattern.compile("(.*)-\\d+-[0-9a-f]{16}\\.images");
  private static final Pattern INDEX =
      Pattern.compile("[0-9a-f]{32}" + Pattern.quote(DigestIndex.SUFFIX));
  private static final Pattern TEMPORARY =
      Pattern.compile("(.*-[0-9a-f]{16}\\.images|[0-9a-f]{32}\\.digests)\\.tmp-[0-9a-f-]+");
  private static final Pattern LOCK =
      Pattern.compile(".*-[0-9a-f]{16}\\.images" + Pattern.quote(PackLock.SUFFIX));
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final Duration FORGOTTEN = Duration.ofDays(7);
  private static final Map<Path, Integer> OPEN = new ConcurrentHashMap<>();

  /**
   * One pack.
   *
   * @param source name of the set that was decoded
   * @param images how many it holds; 0 if it is damaged or of an older version
   * @param height of its images in pixels, as {@code width}
   * @param bytes length of the file
   */
  public record Pack(
      Path file, String source, int images, int height, int width, long bytes, Instant lastUsed) {}

  private final Path folder;

  /** The cache in a folder, which need not exist yet. */
  public ImageCache(Path folder) {
    this.folder = folder;
  }

  /** The cache that runs use. */
  public static ImageCache standard() {
    return new ImageCache(PackOptions.defaults().folder());
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /**
   * All packs, the most recently used first.
   *
   * @throws DataException if the folder cannot be listed
   */
  public List<Pack> list() {
    List<Pack> packs = new ArrayList<>();
    for (Path file : files(PACK)) {
      try {
        packs.add(pack(file));
      } catch (IOException e) {
        LOG.debug("{} went away: {}", file, e.toString());
      }
    }
    packs.sort(Comparator.comparing(Pack::lastUsed).reversed().thenComparing(Pack::file));
    return packs;
  }

  /** Bytes of all packs. */
  public long bytes() {
    return list().stream().mapToLong(Pack::bytes).sum();
  }

  /**
   * Removes the least recently used packs until the rest takes no more than this. Packs that this
   * process has open are kept.
   *
   * @return what was removed
   * @throws DataException if the folder cannot be listed
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public List<Pack> prune(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("an image cache of " + bytes + " bytes");
    }
    List<Pack> packs = list();
    long total = packs.stream().mapToLong(Pack::bytes).sum();
    List<Pack> removed = new ArrayList<>();
    for (Pack pack : packs.reversed()) {
      if (total > bytes && !OPEN.containsKey(key(pack.file())) && deleteQuietly(pack.file())) {
        total -= pack.bytes();
        removed.add(pack);
      }
    }
    return removed;
  }

  /**
   * Removes all packs but those that this process has open, what was remembered of files, and what
   * killed processes have left.
   *
   * @return the packs that were removed
   * @throws DataException if the folder cannot be listed
   */
  public List<Pack> clear() {
    List<Pack> removed = prune(0);
    files(INDEX).forEach(ImageCache::deleteQuietly);
    sweep();
    return removed;
  }

  /** Removes what was abandoned: nobody writes into it any more. */
  void sweep() {
    removeOlder(TEMPORARY, ABANDONED);
    removeOlder(LOCK, FORGOTTEN);
  }

  /** Removes all temporary files of a pack, whose lock the caller holds. */
  void sweep(Path pack) {
    String prefix = pack.getFileName() + ".tmp-";
    for (Path file : files(TEMPORARY)) {
      if (file.getFileName().toString().startsWith(prefix)) {
        deleteQuietly(file);
      }
    }
  }

  private void removeOlder(Pattern names, Duration age) {
    Instant limit = Instant.now().minus(age);
    for (Path file : files(names)) {
      try {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          deleteQuietly(file);
        }
      } catch (IOException e) {
        LOG.debug("{} went away: {}", file, e.toString());
      }
    }
  }

  private List<Path> files(Pattern names) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> names.matcher(file.getFileName().toString()).matches()).toList();
    } catch (IOException e) {
      throw new DataException(
          "cannot list the image cache " + folder + ": " + e + "; check its permissions", e);
    }
  }

  private static Pack pack(Path file) throws IOException {
    Instant used = Files.getLastModifiedTime(file).toInstant();
    long bytes = Files.size(file);
    try (FileChannel channel = FileChannel.open(file)) {
      PackFile.Header header = PackFile.header(channel);
      PackFile.About about = header.about();
      return new Pack(
          file, about.source(), header.images(), about.height(), about.width(), bytes, used);
    } catch (PackFile.BadPackException e) {
      Matcher name = PACK.matcher(file.getFileName().toString());
      return new Pack(file, name.matches() ? name.group(1) : "?", 0, 0, 0, bytes, used);
    }
  }

  static void opened(Path pack) {
    OPEN.merge(key(pack), 1, Integer::sum);
    touch(pack);
  }

  static void closed(Path pack) {
    OPEN.computeIfPresent(key(pack), (file, count) -> count == 1 ? null : count - 1);
  }

  private static Path key(Path pack) {
    return pack.toAbsolutePath().normalize();
  }

  /** Notes that a file is used now; a cache that is only read has no such notes. */
  static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOG.debug("Cannot note that {} is used: {}", file, e.toString());
    }
  }

  static boolean deleteQuietly(Path file) {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("Could not remove {}: {}", file, e.toString());
      return false;
    }
  }
}
