package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of image files: {@code train/<class>/} and {@code test/<class>/} or {@code
 * val/<class>/}, at any depth below the class. An optional {@code classes.tsv} (folder, tab, name)
 * gives classes readable names. Classes and files are taken in alphabetical order.
 *
 * <p>A test split may lack some classes. Of {@code test/} and {@code val/} the first that has
 * labels is taken: class folders, or as in Tiny ImageNet a table {@code val/val_annotations.txt}
 * (file, tab, class).
 */
public final class ImageFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);
  private static final String TRAIN = "train";
  private static final List<String> TESTS = List.of("test", "val");

  private final Path root;
  private final int size;
  private final FolderScan scan = new FolderScan();

  private ImageFolder(Path root, int size) {
    this.root = root;
    this.size = size;
  }

  /**
   * Both splits.
   *
   * @param size height and width to which images are resized (area averaging, central square)
   * @throws DataException as for {@link #train} and {@link #test}; or if files are not read and
   *     {@code ignored} says that this is an error
   */
  public static LabelledData open(Path root, int size, OnIgnored ignored) {
    ImageFolder folder = new ImageFolder(root, size);
    List<Path> classes = folder.classes();
    LabelledData data = new LabelledData(folder.train(classes), folder.test(classes));
    folder.report(ignored);
    return data;
  }

  /**
   * The training split.
   *
   * @param size height and width to which images are resized (area averaging, central square)
   * @throws DataException if the folder has no {@code train} with class folders in it, or one of
   *     them has no image
   */
  public static ImageSet train(Path root, int size) {
    return train(root, size, OnIgnored.REPORT);
  }

  /**
   * The training split.
   *
   * @throws DataException as {@link #train(Path, int)} does; or if files are not read and {@code
   *     ignored} says that this is an error
   */
  public static ImageSet train(Path root, int size, OnIgnored ignored) {
    ImageFolder folder = new ImageFolder(root, size);
    ImageSet train = folder.train(folder.classes());
    folder.report(ignored);
    return train;
  }

  /**
   * The test split: the first of {@code test} and {@code val} that has labels.
   *
   * @throws DataException if there is none, it has no image, or it has a class that {@code train}
   *     lacks
   */
  public static ImageSet test(Path root, int size) {
    return test(root, size, OnIgnored.REPORT);
  }

  /**
   * The test split.
   *
   * @throws DataException as {@link #test(Path, int)} does; or if files are not read and {@code
   *     ignored} says that this is an error
   */
  public static ImageSet test(Path root, int size, OnIgnored ignored) {
    ImageFolder folder = new ImageFolder(root, size);
    ImageSet test = folder.test(folder.classes());
    folder.report(ignored);
    return test;
  }

  /**
   * One folder of class folders by itself, without a second split: its classes are its own.
   *
   * @param split a folder that holds {@code <class>/*.jpg}
   * @throws DataException if it has no class folders, one of them has no image, or they are no
   *     classes but hold such folders themselves
   */
  public static ImageSet alone(Path split, int size) {
    return alone(split, size, OnIgnored.REPORT);
  }

  /**
   * One folder of class folders by itself.
   *
   * @throws DataException as {@link #alone(Path, int)} does; or if files are not read and {@code
   *     ignored} says that this is an error
   */
  public static ImageSet alone(Path split, int size, OnIgnored ignored) {
    ImageFolder folder = new ImageFolder(split, size);
    List<Path> classes = folder.scan.folders(split);
    if (classes.isEmpty()) {
      throw new DataException(
          "image folder " + split + " has no class folders; expected " + split + "/<class>/*.jpg");
    }
    Labelled labelled = folder.everyClass(split, classes);
    requireClasses(split, classes, labelled.files);
    folder.report(ignored);
    return labelled.set(baseName(split), classes);
  }

  /** Somebody who means one of several days may name the folder around them. */
  private static void requireClasses(Path split, List<Path> folders, List<Path> images) {
    Map<Path, Set<Path>> below = new HashMap<>();
    for (Path image : images) {
      Path inside = split.relativize(image);
      if (inside.getNameCount() == 2) {
        return;
      }
      below.computeIfAbsent(inside.getName(0), f -> new HashSet<>()).add(inside.getName(1));
    }
    if (below.values().stream().allMatch(names -> names.size() > 1)) {
      throw new DataException(
          "no folder in "
              + split
              + " holds an image itself, but each holds several folders of images, so these are no"
              + " classes: name one of the folders below, such as "
              + folders.getFirst()
              + ", whose sub-folders are the classes");
    }
  }

  private List<Path> classes() {
    Path train = root.resolve(TRAIN);
    List<Path> classes = Files.isDirectory(train) ? scan.folders(train) : List.of();
    if (classes.isEmpty()) {
      throw new DataException(
          "image folder "
              + root
              + " has no class folders in train/; expected "
              + train
              + "/<class>/*.jpg");
    }
    return classes;
  }

  private ImageSet train(List<Path> classes) {
    return everyClass(root.resolve(TRAIN), classes).set(baseName(root) + "-train", classes);
  }

  private Labelled everyClass(Path split, List<Path> classes) {
    Map<String, Path> names = new HashMap<>();
    for (Path folder : classes) {
      Path same = names.putIfAbsent(baseName(folder), folder);
      if (same != null) {
        throw new DataException(
            "two class folders of "
                + split
                + " are called '"
                + baseName(folder)
                + "', with its letters encoded in two ways; put their images into one");
      }
    }
    Labelled labelled = new Labelled();
    for (int label = 0; label < classes.size(); label++) {
      List<Path> images = scan.images(classes.get(label));
      if (images.isEmpty()) {
        throw new DataException(
            "class folder "
                + classes.get(label)
                + " holds no image ("
                + FolderScan.KINDS
                + "); add images, or move that folder out of "
                + split);
      }
      labelled.add(images, label);
    }
    return labelled;
  }

  private ImageSet test(List<Path> classes) {
    List<Path> present = TESTS.stream().map(root::resolve).filter(Files::isDirectory).toList();
    if (present.isEmpty()) {
      throw new DataException(
          "image folder "
              + root
              + " has neither test/ nor val/; put held-out images of each class"
              + " into "
              + root.resolve("test")
              + "/<class>/");
    }
    Set<String> known = classes.stream().map(ImageFolder::baseName).collect(Collectors.toSet());
    for (Path split : present) {
      if (Files.exists(annotations(split))) {
        return annotated(split, classes);
      }
      if (FolderScan.hasFolder(split, known)) {
        return test(split, classes);
      }
      LOG.info("{} has no folder of a class of train/, so no labels", split);
    }
    // None has labels; say of the first what is in it.
    return test(present.getFirst(), classes);
  }

  private ImageSet test(Path split, List<Path> classes) {
    List<Path> folders = scan.folders(split);
    List<String> known = classes.stream().map(ImageFolder::baseName).toList();
    Labelled labelled = new Labelled();
    for (Path folder : folders) {
      int label = known.indexOf(baseName(folder));
      if (label < 0) {
        throw new DataException(
            "class "
                + folder
                + " does not exist in train/; add training images to "
                + root.resolve(TRAIN).resolve(folder.getFileName())
                + ", or move that folder out of "
                + split);
      }
      labelled.add(scan.images(folder), label);
    }
    return labelled.test(split, classes);
  }

  private static Path annotations(Path split) {
    return split.resolve(baseName(split) + "_annotations.txt");
  }

  /** Tiny ImageNet's table of file and class, of files in {@code val/images/}. */
  private ImageSet annotated(Path split, List<Path> classes) {
    Path table = annotations(split);
    List<String> known = classes.stream().map(ImageFolder::baseName).toList();
    Map<String, Integer> labels = new HashMap<>();
    for (String line : lines(table)) {
      String[] fields = line.split("\t", 3);
      int label = fields.length < 2 ? -1 : known.indexOf(FolderScan.composed(fields[1].strip()));
      if (label < 0) {
        throw new DataException(
            table + ": '" + line.strip() + "' names no class of train/; expected file, tab, class");
      }
      labels.put(FolderScan.composed(fields[0].strip()), label);
    }
    Labelled labelled = new Labelled();
    List<List<Path>> byClass = IntStream.range(0, classes.size()).mapToObj(i -> images()).toList();
    Path inner = split.resolve("images");
    for (Path image : scan.images(Files.isDirectory(inner) ? inner : split)) {
      Integer label = labels.remove(baseName(image));
      if (label == null) {
        scan.ignore("not in " + table.getFileName());
      } else {
        byClass.get(label).add(image);
      }
    }
    if (!labels.isEmpty()) {
      throw new DataException(
          table
              + " names "
              + labels.size()
              + " files that are not in "
              + split
              + ", such as "
              + labels.keySet().iterator().next()
              + "; unpack the data again");
    }
    for (int label = 0; label < byClass.size(); label++) {
      labelled.add(byClass.get(label), label);
    }
    return labelled.test(split, classes);
  }

  private static List<Path> images() {
    return new ArrayList<>();
  }

  /** Files with labels, class by class. */
  private final class Labelled {
    private final List<Path> files = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private int classes;

    void add(List<Path> images, int label) {
      files.addAll(images);
      images.forEach(image -> labels.add(label));
      classes += images.isEmpty() ? 0 : 1;
    }

    ImageSet set(String name, List<Path> folders) {
      int[] array = labels.stream().mapToInt(Integer::intValue).toArray();
      List<String> names = folders.stream().map(ImageFolder::baseName).toList();
      return new FileImageSet(name, root, files, array, readable(names), size);
    }

    ImageSet test(Path split, List<Path> folders) {
      if (files.isEmpty()) {
        throw new DataException(
            "test split "
                + split
                + " holds no image of any class ("
                + FolderScan.KINDS
                + "); put held-out images into "
                + split
                + "/<class>/");
      }
      if (classes < folders.size()) {
        LOG.warn(
            "{}: {} of {} classes have no test images",
            split,
            folders.size() - classes,
            folders.size());
      }
      return set(baseName(root) + "-" + baseName(split), folders);
    }
  }

  private void report(OnIgnored answer) {
    Optional<String> ignored = scan.ignored();
    if (ignored.isEmpty()) {
      return;
    }
    String line = root + ": " + ignored.get() + " not read; images are " + FolderScan.KINDS;
    if (answer == OnIgnored.FAIL) {
      throw new DataException(
          line
              + ", each in the folder of its class; move the others out, or accept that (images:)");
    }
    LOG.warn("{}", line);
  }

  /** The last name of a path; the same whichever way its letters are encoded. */
  private static String baseName(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? "root" : FolderScan.composed(name.toString());
  }

  private List<String> readable(List<String> classes) {
    Path table = root.resolve("classes.tsv");
    if (!Files.exists(table)) {
      return classes;
    }
    Map<String, String> names = new HashMap<>();
    for (String line : lines(table)) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        names.put(
            FolderScan.composed(line.substring(0, tab)),
            FolderScan.composed(line.substring(tab + 1).strip()));
      }
    }
    return classes.stream().map(c -> names.getOrDefault(c, c)).toList();
  }

  private static List<String> lines(Path table) {
    try {
      return Files.readAllLines(table, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException(
          "cannot read " + table + ": " + e + "; it must be UTF-8 text, a tab in every line", e);
    }
  }
}
