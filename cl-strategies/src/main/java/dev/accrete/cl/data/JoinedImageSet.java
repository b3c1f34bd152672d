package dev.accrete.cl.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Several sets of one image size and the same classes, one after another; nothing is copied. */
public class JoinedImageSet implements ImageSet {
  private final String name;
  private final List<ImageSet> parts;

  /** Where each part begins, and the number of all images. */
  private final int[] starts;

  /**
   * The images of {@code parts}. Closing the view leaves them open.
   *
   * @throws IllegalArgumentException if there is no part or they differ in image size
   */
  public JoinedImageSet(String name, List<? extends ImageSet> parts) {
    this.name = name;
    this.parts = List.copyOf(parts);
    if (this.parts.isEmpty()) {
      throw new IllegalArgumentException(name + " joins no set: give at least one");
    }
    starts = new int[this.parts.size() + 1];
    ImageSet first = this.parts.getFirst();
    for (int i = 0; i < this.parts.size(); i++) {
      ImageSet part = this.parts.get(i);
      if (part.height() != first.height()
          || part.width() != first.width()
          || part.channels() != first.channels()) {
        throw new IllegalArgumentException(
            name + ": " + part.name() + " and " + first.name() + " differ in image size");
      }
      starts[i + 1] = Math.addExact(starts[i], part.size());
    }
  }

  private int part(int index) {
    Objects.checkIndex(index, size());
    int found = Arrays.binarySearch(starts, index);
    int part = found >= 0 ? found : -found - 2;
    while (starts[part + 1] == index) {
      part++; // an empty part
    }
    return part;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return starts[parts.size()];
  }

  @Override
  public int channels() {
    return parts.getFirst().channels();
  }

  @Override
  public int height() {
    return parts.getFirst().height();
  }

  @Override
  public int width() {
    return parts.getFirst().width();
  }

  /** The class names of the last part, which knows the most classes where they grow. */
  @Override
  public List<String> classNames() {
    return parts.getLast().classNames();
  }

  @Override
  public int label(int index) {
    int part = part(index);
    return parts.get(part).label(index - starts[part]);
  }

  @Override
  public String describe(int index) {
    int part = part(index);
    return parts.get(part).describe(index - starts[part]);
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    int part = part(index);
    parts.get(part).read(index - starts[part], destination, offset);
  }

  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("joined").add(parts.size());
    parts.forEach(part -> key.add(part.fingerprint()));
    return key.hex();
  }
}
