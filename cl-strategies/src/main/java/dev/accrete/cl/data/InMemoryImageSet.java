package dev.accrete.cl.data;

import java.util.List;
import java.util.Objects;

/** A set whose pixels lie in one array: small sets, tests, and data made by a program. */
public final class InMemoryImageSet implements ImageSet {
  private final String name;
  private final int height;
  private final int width;
  private final List<String> classNames;
  private final int[] labels;
  private final byte[] pixels;

  /**
   * Takes copies of the arrays.
   *
   * @param pixels images one after another, each planar C,H,W with three channels
   * @throws IllegalArgumentException if the sizes do not agree or a label has no class name
   */
  public InMemoryImageSet(
      String name, int height, int width, List<String> classNames, int[] labels, byte[] pixels) {
    this.name = Objects.requireNonNull(name);
    this.height = height;
    this.width = width;
    this.classNames = List.copyOf(classNames);
    this.labels = labels.clone();
    this.pixels = pixels.clone();
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(name + ": image of " + height + "x" + width + " pixels");
    }
    long expected = 3L * height * width * labels.length;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          name
              + ": "
              + labels.length
              + " images of 3x"
              + height
              + "x"
              + width
              + " take "
              + expected
              + " bytes, but pixels has "
              + pixels.length);
    }
    for (int i = 0; i < this.labels.length; i++) {
      if (this.labels[i] < 0 || this.labels[i] >= this.classNames.size()) {
        throw new IllegalArgumentException(
            name
                + ": label "
                + this.labels[i]
                + " of image "
                + i
                + " is not in 0.."
                + (this.classNames.size() - 1));
      }
    }
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
    return height;
  }

  @Override
  public int width() {
    return width;
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
    return name + "[" + Objects.checkIndex(index, labels.length) + "]";
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    int bytes = 3 * height * width;
    Objects.checkIndex(index, labels.length);
    Objects.checkFromIndexSize(offset, bytes, destination.length);
    System.arraycopy(pixels, index * bytes, destination, offset, bytes);
  }

  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("memory").add(height).add(width);
    classNames.forEach(key::add);
    for (int label : labels) {
      key.add(label);
    }
    return key.add(pixels, 0, pixels.length).hex();
  }
}
