package dev.accrete.cl.data;

import java.util.Objects;

/**
 * A selection from another set, in any order and with repetitions; nothing is copied but the
 * indices. Closing the view leaves the source open.
 */
public final class SubsetImageSet extends ForwardingImageSet {
  private final String name;
  private final int[] indices;

  /**
   * The images {@code indices[0], indices[1], ...} of {@code source}.
   *
   * @throws IndexOutOfBoundsException if an index is not in {@code 0..source.size() - 1}
   */
  public SubsetImageSet(String name, ImageSet source, int[] indices) {
    super(source);
    this.name = Objects.requireNonNull(name);
    this.indices = indices.clone();
    for (int index : this.indices) {
      Objects.checkIndex(index, source.size());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int index) {
    return source().label(indices[index]);
  }

  @Override
  public String describe(int index) {
    return source().describe(indices[index]);
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    source().read(indices[index], destination, offset);
  }

  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("subset").add(source().fingerprint()).add(indices.length);
    for (int index : indices) {
      key.add(index);
    }
    return key.hex();
  }
}
