package dev.accrete.cl.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of JPEG and PNG files: {@code train/<class>/*} and {@code test/<class>/*} or {@code
 * val/<class>/*}. An optional {@code classes.tsv} (folder, tab, name) gives classes readable names.
 * Classes and files are taken in alphabetical order.
 */
public final class ImageFolder {
  private ImageFolder() {}

  /**
   * The training split.
   *
   * @param size height and width to which images are resized (area averaging, central square)
   * @throws DataException if the folder has no {@code train} with class folders in it
   */
  public static ImageSet train(Path root, int size) {
    return split(root, "train", size);
  }

  /**
   * The test split: {@code test} or else {@code val}.
   *
   * @throws DataException if there is neither, or it has a class that {@code train} lacks
   */
  public static ImageSet test(Path root, int size) {
    for (String name : List.of("test", "val")) {
      if (Files.isDirectory(root.resolve(name))) {
        return split(root, name, size);
      }
    }
    throw new DataException(
        "image folder "
            + root
            + " has neither test/ nor val/; put held-out images of each class"
            + " into "
            + root.resolve("test")
            + "/<class>/");
  }

  private static ImageSet split(Path root, String split, int size) {
    List<String> classes = entries(root.resolve("train"), true);
    if (classes.isEmpty()) {
      throw new DataException(
          "image folder "
              + root
              + " has no class folders in train/; expected "
              + root.resolve("train")
              + "/<class>/*.jpg");
    }
    Path folder = root.resolve(split);
    for (String name : entries(folder, true)) {
      if (!classes.contains(name)) {
        throw new DataException(
            "class "
                + folder.resolve(name)
                + " does not exist in train/; remove it or add "
                + root.resolve("train").resolve(name));
      }
    }
    List<String> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path folderOfClass = folder.resolve(classes.get(label));
      List<String> images =
          Files.isDirectory(folderOfClass) ? entries(folderOfClass, false) : List.of();
      if (images.isEmpty()) {
        throw new DataException(
            "class folder "
                + folderOfClass
                + " holds no .jpg, .jpeg or .png file; add images or"
                + " remove the class from every split");
      }
      for (String image : images) {
        files.add(split + "/" + classes.get(label) + "/" + image);
        labels.add(label);
      }
    }
    String name = root.toAbsolutePath().normalize().getFileName() + "-" + split;
    int[] labelArray = labels.stream().mapToInt(Integer::intValue).toArray();
    return new FileImageSet(name, root, files, labelArray, names(root, classes), size);
  }

  /** Names of the class folders, or of the image files, in a folder, sorted. */
  private static List<String> entries(Path folder, boolean folders) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(p -> folders ? Files.isDirectory(p) : isImage(p))
          .map(p -> p.getFileName().toString())
          .filter(n -> !n.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(
          "cannot list image folder " + folder + ": " + e + "; check the path and its permissions",
          e);
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png");
  }

  private static List<String> names(Path root, List<String> classes) {
    Path table = root.resolve("classes.tsv");
    if (!Files.exists(table)) {
      return classes;
    }
    Map<String, String> names = new HashMap<>();
    try {
      for (String line : Files.readAllLines(table, StandardCharsets.UTF_8)) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          names.put(line.substring(0, tab), line.substring(tab + 1).strip());
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot read class names from "
              + table
              + ": "
              + e
              + "; it must be UTF-8 text, a folder,"
              + " a tab and a name per line",
          e);
    }
    return classes.stream().map(c -> names.getOrDefault(c, c)).toList();
  }
}
