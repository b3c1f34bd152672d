package dev.accrete.cl.data;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How {@link PackedImages} keeps its packs.
 *
 * @param folder where packs are kept; created if missing
 * @param onCorrupt what to do with images that cannot be decoded
 * @param progress hears how many images are ready while a pack is being made, and before that how
 *     many files were looked at
 * @param limit bytes that packs may take together; beyond them the least recently used ones are
 *     removed when a new one is made
 */
public record PackOptions(Path folder, OnCorrupt onCorrupt, ProgressListener progress, long limit) {
  private static final long DEFAULT_LIMIT = 20L << 30;
  private static final int SHARE_OF_DISK = 4;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([KMGT]?)(I?B)?");
  private static final String UNITS = "KMGT";

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public PackOptions {
    if (limit < 0) {
      throw new IllegalArgumentException("an image cache of " + limit + " bytes");
    }
  }

  /**
   * Packs in {@code $ACCRETE_CACHE}, or else {@code ~/.cache/accrete}, of {@code
   * $ACCRETE_CACHE_SIZE} together, or else of 20 GiB or a quarter of the disk, whichever is less; a
   * corrupt image is an error.
   *
   * @throws AccreteException if {@code ACCRETE_CACHE_SIZE} is no size such as {@code 50G}
   */
  public static PackOptions defaults() {
    String folder = System.getenv("ACCRETE_CACHE");
    Path cache =
        folder != null && !folder.isBlank()
            ? Path.of(folder).toAbsolutePath()
            : Path.of(System.getProperty("user.home", "."), ".cache", "accrete");
    String size = System.getenv("ACCRETE_CACHE_SIZE");
    long limit = size != null && !size.isBlank() ? configured(size) : share(cache);
    return new PackOptions(cache, OnCorrupt.FAIL, ProgressListener.NONE, limit);
  }

  private static long configured(String size) {
    try {
      return bytes(size);
    } catch (IllegalArgumentException e) {
      throw new AccreteException("ACCRETE_CACHE_SIZE: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a size such as {@code 500M}, {@code 50 GiB} or a number of bytes; units are powers of
   * 1024.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (matcher.matches()) {
      int power = matcher.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(matcher.group(2));
      long number = Long.parseLong(matcher.group(1));
      if (number <= Long.MAX_VALUE >> (10 * power)) {
        return number << (10 * power);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no size of an image cache; write such as 500M or 50G");
  }

  private static long share(Path cache) {
    for (Path folder = cache; folder != null; folder = folder.getParent()) {
      try {
        return Math.min(DEFAULT_LIMIT, Files.getFileStore(folder).getTotalSpace() / SHARE_OF_DISK);
      } catch (IOException e) {
        // It is not there yet; the one above it is on the same disk.
      }
    }
    return DEFAULT_LIMIT;
  }

  /** The same with another folder. */
  public PackOptions in(Path otherFolder) {
    return new PackOptions(otherFolder, onCorrupt, progress, limit);
  }

  /** The same with another answer to corrupt images. */
  public PackOptions onCorrupt(OnCorrupt answer) {
    return new PackOptions(folder, answer, progress, limit);
  }

  /** The same with another listener. */
  public PackOptions reportingTo(ProgressListener listener) {
    return new PackOptions(folder, onCorrupt, listener, limit);
  }

  /** The same with another limit, in bytes. */
  public PackOptions upTo(long bytes) {
    return new PackOptions(folder, onCorrupt, progress, bytes);
  }
}
