package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;

/** A set with one file per image, decoded whenever an image is read. */
final class FileImageSet implements ImageSet {
  private final String name;
  private final Path root;
  private final List<String> files;
  private final int[] labels;
  private final List<String> classNames;
  private final int side;

  /**
   * A set over existing files.
   *
   * @param files paths relative to {@code root}, with forward slashes
   */
  FileImageSet(
      String name, Path root, List<String> files, int[] labels, List<String> classNames, int side) {
    if (side < 1) {
      throw new IllegalArgumentException("image size " + side + " is not positive");
    }
    this.name = Objects.requireNonNull(name);
    this.root = root;
    this.files = List.copyOf(files);
    this.labels = labels.clone();
    this.classNames = List.copyOf(classNames);
    this.side = side;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public int height() {
    return side;
  }

  @Override
  public int width() {
    return side;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return labels[Objects.checkIndex(index, labels.length)];
  }

  @Override
  public String describe(int index) {
    return root.resolve(files.get(index)).toString();
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    Path file = root.resolve(files.get(index));
    Objects.checkFromIndexSize(offset, 3 * side * side, destination.length);
    ImageDecoder.decode(file, side, destination, offset);
  }

  /** Covers names, lengths and times of change of all files; the contents are not read. */
  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("files").add(side);
    classNames.forEach(key::add);
    for (int i = 0; i < labels.length; i++) {
      Path file = root.resolve(files.get(i));
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(file, BasicFileAttributes.class, new LinkOption[0]);
        key.add(files.get(i)).add(labels[i]).add(attributes.size());
        key.add(attributes.lastModifiedTime().toMillis());
      } catch (IOException e) {
        throw new DataException(
            "cannot read " + file + ": " + e + "; has it been removed since the start?", e);
      }
    }
    return key.hex();
  }
}
