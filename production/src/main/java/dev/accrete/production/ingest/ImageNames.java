package dev.accrete.production.ingest;

import dev.accrete.nn.image.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How files and folders of images are called. */
final class ImageNames {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif");
  private static final String NO_EXTENSION = "without an extension";
  private static final String INNER = "images";
  private static final Set<String> TESTS = Set.of("test", "val");
  private static final String TRAIN = "train";

  private ImageNames() {}

  static boolean isImage(String name) {
    String kind = kind(name);
    return kind.startsWith(".") && EXTENSIONS.contains(kind.substring(1));
  }

  /** The extension with its dot, in small letters. */
  static String kind(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1
        ? name.substring(dot).toLowerCase(Locale.ROOT)
        : NO_EXTENSION;
  }

  /** Whether the system made it: names that begin with a dot, and what macOS puts into ZIPs. */
  static boolean isHidden(String path) {
    return Arrays.stream(path.split("/"))
        .anyMatch(part -> part.startsWith(".") || part.equals("__MACOSX"));
  }

  static boolean isTrain(String folder) {
    return folder.equals(TRAIN);
  }

  static boolean isTest(String folder) {
    return TESTS.contains(folder);
  }

  /**
   * The number of leading folders that all images share and that are no class: a folder around the
   * class folders, as most archivers put it.
   */
  static int around(List<List<String>> paths) {
    int shared = 0;
    while (!paths.isEmpty() && isAround(paths, shared)) {
      shared++;
    }
    return shared;
  }

  private static boolean isAround(List<List<String>> paths, int depth) {
    List<String> first = paths.getFirst();
    return paths.stream()
            .allMatch(
                path ->
                    path.size() > depth + 2
                        && path.get(depth).equals(first.get(depth))
                        && !isTrain(path.get(depth))
                        && !isTest(path.get(depth)))
        && paths.stream().anyMatch(path -> !path.get(depth + 1).equals(INNER));
  }

  /** Reads a file that may grow meanwhile, up to what a picture may have. */
  static byte[] read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(file + " is no regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return bounded(in, file.toString());
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    }
  }

  static byte[] bounded(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes((int) ImageDecoder.MAX_FILE + 1);
    if (bytes.length > ImageDecoder.MAX_FILE) {
      throw new IOException(
          name + " has more than " + ImageDecoder.MAX_FILE + " bytes, which no picture here may");
    }
    return bytes;
  }
}
