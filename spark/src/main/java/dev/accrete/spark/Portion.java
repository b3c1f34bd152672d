package dev.accrete.spark;

import dev.accrete.cl.data.ImageSet;
import java.util.List;

/**
 * Decoded images of a partition.
 *
 * @param side their height and width
 * @param fingerprint of the files that they were
 */
record Portion(int side, List<String> classNames, List<Image> images, String fingerprint)
    implements ImageSet {
  /**
   * One of them.
   *
   * @param name what reports call it
   * @param label its class's number
   * @param pixels planar C,H,W
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Image(String name, int label, byte[] pixels) {}

  @Override
  public String name() {
    return "a portion of " + size() + " images from " + describe(0) + " on";
  }

  @Override
  public int size() {
    return images.size();
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
  public int label(int index) {
    return images.get(index).label();
  }

  @Override
  public String describe(int index) {
    return images.get(index).name();
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    byte[] pixels = images.get(index).pixels();
    System.arraycopy(pixels, 0, destination, offset, pixels.length);
  }
}
