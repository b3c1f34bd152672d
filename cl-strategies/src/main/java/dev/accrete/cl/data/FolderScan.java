package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Lists the folders and images of a data folder and counts what it leaves out. Symbolic links are
 * followed wherever they lead, for data sets are often farms of them; one that leads nowhere, or to
 * a folder above itself, is an error. Names that begin with a dot belong to the system.
 */
final class FolderScan {
  static final String KINDS = ".jpg, .jpeg, .jpe, .jfif, .png, .webp, .bmp or .gif";
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif");
  private static final String NO_EXTENSION = "without an extension";
  private static final int MAX_DEPTH = 16;
  private static final char UNREADABLE = '\uFFFD';

  private final SortedMap<String, Integer> ignored = new TreeMap<>();

  private enum Kind {
    FOLDER,
    FILE,
    OTHER
  }

  /**
   * A name with accents and letters in one character each where there is one (NFC): macOS takes
   * them apart in the names of files, other systems and tables do not.
   */
  static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** Whether a folder with one of these names, in composed form, lies directly in a folder. */
  static boolean hasFolder(Path folder, Set<String> names) {
    return entries(folder).stream()
        .anyMatch(
            entry ->
                names.contains(composed(entry.getFileName().toString()))
                    && Files.isDirectory(entry));
  }

  /** The folders directly in a folder, sorted by name; other things in it are counted. */
  List<Path> folders(Path folder) {
    List<Path> folders = new ArrayList<>();
    for (Path entry : entries(folder)) {
      if (kind(entry).equals(Optional.of(Kind.FOLDER))) {
        folders.add(entry);
      } else {
        ignore(isImage(entry) ? "outside the class folders" : extension(entry));
      }
    }
    return folders;
  }

  /** The images in a folder and its sub-folders, sorted by their names from that folder on. */
  List<Path> images(Path folder) {
    List<Path> images = new ArrayList<>();
    collect(folder, new ArrayList<>(), images);
    images.sort(Comparator.comparing(image -> composed(name(folder, image))));
    return images;
  }

  /** The name of an entry, from a folder on, with slashes. */
  static String name(Path folder, Path entry) {
    return folder.relativize(entry).toString().replace('\\', '/');
  }

  void ignore(String reason) {
    ignored.merge(reason, 1, Integer::sum);
  }

  /** What was left out, such as {@code 3 files (2 .txt, 1 .tif)}. */
  Optional<String> ignored() {
    int total = ignored.values().stream().mapToInt(Integer::intValue).sum();
    if (total == 0) {
      return Optional.empty();
    }
    return Optional.of(
        total
            + (total == 1 ? " file (" : " files (")
            + ignored.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "))
            + ")");
  }

  private void collect(Path folder, List<Object> above, List<Path> images) {
    requireNoLoop(folder, above);
    for (Path entry : entries(folder)) {
      Optional<Kind> kind = kind(entry);
      if (kind.equals(Optional.of(Kind.FOLDER))) {
        collect(entry, above, images);
      } else if (kind.equals(Optional.of(Kind.FILE)) && isImage(entry)) {
        images.add(entry);
      } else {
        ignore(extension(entry));
      }
    }
    above.removeLast();
  }

  private static void requireNoLoop(Path folder, List<Object> above) {
    Object identity;
    try {
      identity = folder.toRealPath();
    } catch (IOException e) {
      throw unlistable(folder, e);
    }
    if (above.contains(identity)) {
      throw new DataException(
          "the symbolic link "
              + folder
              + " leads back to "
              + identity
              + ", a folder that it lies in; let it name another folder");
    }
    if (above.size() >= MAX_DEPTH) {
      throw new DataException(
          "the folder "
              + folder
              + " lies "
              + MAX_DEPTH
              + " levels below its class; move the images up");
    }
    above.add(identity);
  }

  /** What a name leads to; nothing for a dead link that would be no image anyway. */
  private static Optional<Kind> kind(Path entry) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      return Optional.of(
          attributes.isDirectory()
              ? Kind.FOLDER
              : attributes.isRegularFile() ? Kind.FILE : Kind.OTHER);
    } catch (NoSuchFileException e) {
      if (isImage(entry) || extension(entry).equals(NO_EXTENSION)) {
        throw new DataException(
            "the symbolic link "
                + entry
                + " leads to "
                + target(entry)
                + ", which does not exist; bring that back or mend the link",
            e);
      }
      return Optional.empty();
    } catch (FileSystemException e) {
      throw new DataException(
          "cannot follow "
              + entry
              + (Files.isSymbolicLink(entry) ? " to " + target(entry) : "")
              + ": "
              + e.getReason()
              + "; mend the link or its permissions",
          e);
    } catch (IOException e) {
      throw unlistable(entry, e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "a file";
    }
  }

  private static List<Path> entries(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> list = Files.newDirectoryStream(folder)) {
      for (Path entry : list) {
        String name = entry.getFileName().toString();
        if (name.indexOf(UNREADABLE) >= 0) {
          throw new DataException(
              "a name in "
                  + folder
                  + " has letters that this locale does not know ("
                  + name
                  + "); set LC_ALL=C.UTF-8 before starting Java");
        }
        if (!name.startsWith(".")) {
          entries.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw unlistable(folder, new IOException(e));
    } catch (IOException e) {
      throw unlistable(folder, e);
    }
    entries.sort(Comparator.comparing(entry -> composed(entry.getFileName().toString())));
    return entries;
  }

  private static DataException unlistable(Path folder, IOException e) {
    return new DataException(
        "cannot list image folder " + folder + ": " + e + "; check the path and its permissions",
        e);
  }

  private static boolean isImage(Path file) {
    String extension = extension(file);
    return extension.startsWith(".") && EXTENSIONS.contains(extension.substring(1));
  }

  /** With its dot, in small letters. */
  private static String extension(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot).toLowerCase(Locale.ROOT) : NO_EXTENSION;
  }
}
