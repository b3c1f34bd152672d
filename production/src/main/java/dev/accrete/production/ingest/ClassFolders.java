package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Makes items of files whose folder is their class, be they on a disk or in a ZIP. */
final class ClassFolders {
  private final String source;
  private final Map<String, Item.Content> files = new TreeMap<>();
  private final Map<String, Integer> ignored = new TreeMap<>();

  ClassFolders(String source) {
    this.source = source;
  }

  /**
   * Takes a file.
   *
   * @param path from the top of the source, with slashes
   */
  void add(String path, Item.Content content) {
    if (ImageNames.isHidden(path)) {
      ignored.merge("hidden", 1, Integer::sum);
      return;
    }
    if (!ImageNames.isImage(path)) {
      ignored.merge(ImageNames.kind(path), 1, Integer::sum);
      return;
    }
    String name = path;
    for (int other = 2; files.containsKey(name); other++) {
      name = path + " (" + other + ")";
    }
    files.put(name, name.equals(path) ? content : () -> again(path));
  }

  /** Only a ZIP can have that, and which of them is read is up to the reader. */
  private byte[] again(String path) throws IOException {
    throw new IOException(source + " has " + path + " twice, and only one of them is read");
  }

  /** How the files of a source become items. */
  @FunctionalInterface
  interface Labelling {
    Listing list(ClassFolders files, AutoCloseable resource);
  }

  /**
   * All files as images of one class, whatever folder they lie in.
   *
   * @throws DataException if there is no image
   */
  Listing ofClass(String label, Optional<String> subject, AutoCloseable resource) {
    requireImages("pictures");
    List<Item> items = new ArrayList<>();
    files.forEach(
        (name, content) ->
            items.add(new Item(name, label, subject, Map.of(), Optional.empty(), content)));
    return new Listing(items, ignored, resource);
  }

  private void requireImages(String expected) {
    if (files.isEmpty()) {
      throw new DataException(
          source
              + " holds no image"
              + (ignored.isEmpty() ? "" : " (but " + ignored + ")")
              + "; expected "
              + expected);
    }
  }

  /**
   * All files with their classes; those of {@code test/} and {@code val/} are for the regression
   * set, as their owner has held them out.
   *
   * @throws DataException if there is no image, or one lies in no class folder
   */
  Listing listing(AutoCloseable resource) {
    requireImages("class folders with images in them, such as cat/1.jpg");
    List<List<String>> paths =
        files.keySet().stream().map(path -> Arrays.asList(path.split("/"))).toList();
    int around = ImageNames.around(paths);
    Set<String> tops = new HashSet<>();
    paths.forEach(path -> tops.add(path.get(Math.min(around, path.size() - 1))));
    boolean split = tops.stream().anyMatch(ImageNames::isTrain);
    List<Item> items = new ArrayList<>();
    for (List<String> path : paths) {
      String top = path.get(Math.min(around, path.size() - 1));
      boolean held = split && ImageNames.isTest(top);
      if (split && !held && !ImageNames.isTrain(top)) {
        ignored.merge("beside train/", 1, Integer::sum);
        continue;
      }
      int at = around + (split ? 1 : 0);
      if (path.size() < at + 2) {
        throw new DataException(
            source
                + ": image "
                + String.join("/", path)
                + " lies in no class folder; put every image into the folder of its class");
      }
      String name = String.join("/", path);
      Item.Content content = files.getOrDefault(name, () -> new byte[0]);
      items.add(
          new Item(
              name,
              path.get(at),
              Optional.empty(),
              Map.of(),
              held ? Optional.of(Split.REGRESSION) : Optional.empty(),
              content));
    }
    items.sort(Comparator.comparing(Item::name));
    return new Listing(items, ignored, resource);
  }
}
