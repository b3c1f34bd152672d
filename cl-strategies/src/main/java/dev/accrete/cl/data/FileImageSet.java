package dev.accrete.cl.data;

import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.nn.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;

/** A set with one file per image, decoded whenever an image is read. */
final class FileImageSet extends LabelledImageSet {
  private final Path root;
  private final List<String> files;

  /**
   * A set over existing files.
   *
   * @param files paths relative to {@code root}, with forward slashes
   */
  FileImageSet(
      String name, Path root, List<String> files, int[] labels, List<String> classNames, int side) {
    super(name, side, side, classNames, labels);
    this.root = root;
    this.files = List.copyOf(files);
  }

  @Override
  public String describe(int index) {
    return root.resolve(files.get(index)).toString();
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    Path file = root.resolve(files.get(index));
    Objects.checkFromIndexSize(offset, 3 * height() * width(), destination.length);
    try {
      ImageDecoder.decode(file, height(), destination, offset);
    } catch (ImageException e) {
      throw new DataException(
          e.getMessage() + ", or use --skip-corrupt to leave such images out", e);
    }
  }

  /** Covers names, lengths and times of change of all files; the contents are not read. */
  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("files").add(height());
    classNames().forEach(key::add);
    for (int i = 0; i < size(); i++) {
      Path file = root.resolve(files.get(i));
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(file, BasicFileAttributes.class, new LinkOption[0]);
        key.add(files.get(i)).add(label(i)).add(attributes.size());
        key.add(attributes.lastModifiedTime().toMillis());
      } catch (IOException e) {
        throw new DataException(
            "cannot read " + file + ": " + e + "; has it been removed since the start?", e);
      }
    }
    return key.hex();
  }
}
