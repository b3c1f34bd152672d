package dev.accrete.cl.data;

import dev.accrete.nn.image.Resampler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** A set whose undecoded images lie one after another, at a fixed distance, in a few buffers. */
final class RecordImageSet extends LabelledImageSet {
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

  private final List<Block> blocks;
  private final Layout layout;

  RecordImageSet(
      String name,
      List<Block> blocks,
      Layout layout,
      int[] labels,
      List<String> classNames,
      int side) {
    super(name, side, side, classNames, labels);
    this.blocks = List.copyOf(blocks);
    this.layout = layout;
  }

  @Override
  public String describe(int index) {
    int rest = Objects.checkIndex(index, size());
    for (Block block : blocks) {
      if (rest < block.count()) {
        return block.source() + ", image " + rest;
      }
      rest -= block.count();
    }
    throw new IllegalStateException(name() + ": blocks hold fewer images than labels");
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    int rest = Objects.checkIndex(index, size());
    Objects.checkFromIndexSize(offset, 3 * height() * width(), destination.length);
    for (Block block : blocks) {
      if (rest < block.count()) {
        byte[] raw = new byte[layout.bytes()];
        block.bytes().get(block.start() + rest * block.stride(), raw);
        Resampler.resize(
            raw,
            0,
            layout.planes(),
            layout.height(),
            layout.width(),
            height(),
            destination,
            offset);
        return;
      }
      rest -= block.count();
    }
  }

  @Override
  public String fingerprint() {
    Fingerprint key = new Fingerprint("records").add(height()).add(layout.planes());
    key.add(layout.height()).add(layout.width());
    classNames().forEach(key::add);
    for (int i = 0; i < size(); i++) {
      key.add(label(i));
    }
    for (Block block : blocks) {
      key.add(block.bytes().duplicate().position(block.start()));
    }
    return key.hex();
  }
}
