package dev.accrete.cl.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** A set whose undecoded images lie one after another, at a fixed distance, in a few buffers. */
final class RecordImageSet implements ImageSet {
  /**
   * Where records lie.
   *
   * @param source file, for messages
   * @param bytes its content
   * @param start position of the first image; {@code stride} from one to the next
   */
  record Block(String source, ByteBuffer bytes, int start, int stride, int count) {}

  /** The layout of one record: planar, one plane (grey) or three. */
  record Layout(int planes, int height, int width) {
    int bytes() {
      return planes * height * width;
    }
  }

  private final String name;
  private final List<Block> blocks;
  private final Layout layout;
  private final int[] labels;
  private final List<String> classNames;
  private final int side;

  RecordImageSet(
      String name,
      List<Block> blocks,
      Layout layout,
      int[] labels,
      List<String> classNames,
      int side) {
    if (side < 1) {
      throw new IllegalArgumentException("image size " + side + " is not positive");
    }
    this.name = Objects.requireNonNull(name);
    this.blocks = List.copyOf(blocks);
    this.layout = layout;
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
    int rest = Objects.checkIndex(index, labels.length);
    for (Block block : blocks) {
      if (rest < block.count()) {
        return block.source() + ", image " + rest;
      }
      rest -= block.count();
    }
    throw new IllegalStateException(name + ": blocks hold fewer images than labels");
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    int rest = Objects.checkIndex(index, labels.length);
    Objects.checkFromIndexSize(offset, 3 * side * side, destination.length);
    for (Block block : blocks) {
      if (rest < block.count()) {
        byte[] raw = new byte[layout.bytes()];
        block.bytes().get(block.start() + rest * block.stride(), raw);
        Resampler.resize(
            raw, 0, layout.planes(), layout.height(), layout.width(), side, destination, offset);
        return;
      }
      rest -= block.count();
    }
  }

  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("records").add(side).add(layout.planes());
    key.add(layout.height()).add(layout.width());
    classNames.forEach(key::add);
    for (int label : labels) {
      key.add(label);
    }
    for (Block block : blocks) {
      key.add(block.bytes().duplicate().position(block.start()));
    }
    return key.hex();
  }
}
