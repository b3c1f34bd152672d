package dev.accrete.production.serve.http;

import dev.accrete.core.AccreteException;
import dev.accrete.production.serve.workshop.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * ZIP files from strangers. Entries are counted before the directory is read, sizes are measured
 * and not believed, names never become paths, and a ZIP in a ZIP is no image.
 */
final class Zips {
  /** Beside images there may be folders and notes of the program that packed them. */
  private static final int OTHERS = 3;

  private static final int END = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int MOST_COMMENT = 0xFFFF;

  private Zips() {}

  /** Whether bytes begin as those of a ZIP with a file in it. */
  static boolean begins(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 'P'
        && bytes[1] == 'K'
        && ((bytes[2] == 3 && bytes[3] == 4) || (bytes[2] == 5 && bytes[3] == 6));
  }

  /**
   * The files in a ZIP, read when they are asked for.
   *
   * @param name what the client calls it
   * @throws Problem if it is no sound ZIP, or has too many entries
   */
  static ZipFile open(Path file, String name, int mostImages) {
    try {
      checkEnd(file, name, (long) OTHERS * mostImages + MOST_COMMENT / 64);
      return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.of(
          400, "bad_zip", "'" + name + "' is no sound ZIP: " + e.getMessage() + "; pack it again");
    }
  }

  /**
   * The images of an open ZIP.
   *
   * @param unpacked counts what all ZIPs of a request unpack to
   */
  static List<Upload> images(ZipFile zip, String name, Uploads.Rules rules, AtomicLong unpacked) {
    List<Upload> images = new ArrayList<>();
    Map<String, Integer> names = new HashMap<>();
    zip.stream().forEach(entry -> names.merge(entry.getName(), 1, Integer::sum));
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (isImage(entry)) {
        if (images.size() == rules.images()) {
          throw tooMany(rules.images());
        }
        boolean alone = names.getOrDefault(entry.getName(), 0) == 1;
        images.add(
            new Upload(
                entry.getName(),
                counted(
                    () -> alone ? read(zip, entry, rules) : ambiguous(entry),
                    name,
                    rules,
                    unpacked)));
      }
    }
    return images;
  }

  static Problem tooMany(int most) {
    return Problem.of(
        413, "too_many_images", "more than " + most + " images: send them in several requests");
  }

  /** Folders, and what macOS and Windows put beside pictures, are none. */
  private static boolean isImage(ZipEntry entry) {
    String path = entry.getName();
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return !entry.isDirectory()
        && !path.startsWith("__MACOSX/")
        && !name.startsWith(".")
        && !name.equals("thumbs.db");
  }

  /** What comes out counts once, however often it is read. */
  private static Supplier<byte[]> counted(
      Supplier<byte[]> content, String name, Uploads.Rules rules, AtomicLong unpacked) {
    AtomicBoolean counted = new AtomicBoolean();
    return () -> {
      byte[] bytes = content.get();
      if (!counted.getAndSet(true) && unpacked.addAndGet(bytes.length) > rules.unpacked()) {
        throw new AccreteException(
            "'" + name + "' unpacks to more than " + rules.unpacked() + " bytes: make several");
      }
      return bytes;
    };
  }

  private static byte[] ambiguous(ZipEntry entry) {
    throw new AccreteException(
        "'" + entry.getName() + "' is the name of several entries: give each its own");
  }

  private static byte[] read(ZipFile zip, ZipEntry entry, Uploads.Rules rules) {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(rules.image() + 1);
      if (bytes.length > rules.image()) {
        throw new AccreteException(
            "'" + entry.getName() + "' unpacks to more than " + rules.image() + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new AccreteException(
          "'" + entry.getName() + "' is damaged: " + e.getMessage() + "; pack the ZIP again", e);
    }
  }

  /** Java would read a directory of any length into memory. */
  private static void checkEnd(Path file, String name, long mostEntries) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      int length = (int) Math.min(in.length(), END + MOST_COMMENT);
      byte[] tail = new byte[length];
      in.seek(in.length() - length);
      in.readFully(tail);
      ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = length - END; at >= 0; at--) {
        if (bytes.getInt(at) == END_SIGNATURE
            && at + END + (bytes.getShort(at + 20) & 0xFFFF) == length) {
          int entries = bytes.getShort(at + 10) & 0xFFFF;
          long directory = bytes.getInt(at + 12) & 0xFFFFFFFFL;
          if (entries == 0xFFFF || entries > mostEntries || directory > entries * 1024L) {
            throw Problem.of(
                413,
                "too_many_images",
                "'" + name + "' has " + entries + " entries, more than are read: make several");
          }
          return;
        }
      }
      throw new IOException("its end is missing");
    }
  }
}
