package dev.accrete.cl.data;

import java.util.List;
import java.util.Objects;

/** A set whose pixels lie in one array: small sets, tests, and data made by a program. */
public final class InMemoryImageSet extends LabelledImageSet {
  private final byte[] pixels;

  /**
   * Takes copies of the arrays.
   *
   * @param pixels images one after another, each planar C,H,W with three channels
   * @throws IllegalArgumentException if the sizes do not agree or a label has no class name
   */
  public InMemoryImageSet(
      String name, int height, int width, List<String> classNames, int[] labels, byte[] pixels) {
    super(name, height, width, classNames, labels);
    this.pixels = pixels.clone();
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
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            name
                + ": label "
                + labels[i]
                + " of image "
                + i
                + " is not in 0.."
                + (classNames.size() - 1));
      }
    }
  }

  @Override
  public String describe(int index) {
    return name() + "[" + Objects.checkIndex(index, size()) + "]";
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    int bytes = 3 * height() * width();
    Objects.checkIndex(index, size());
    Objects.checkFromIndexSize(offset, bytes, destination.length);
    System.arraycopy(pixels, index * bytes, destination, offset, bytes);
  }

  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("memory").add(height()).add(width());
    classNames().forEach(key::add);
    for (int i = 0; i < size(); i++) {
      key.add(label(i));
    }
    return key.add(pixels, 0, pixels.length).hex();
  }
}
