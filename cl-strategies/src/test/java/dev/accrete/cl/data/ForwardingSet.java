package dev.accrete.cl.data;

import java.util.List;

/** A set that does as another one does, to be changed in one respect. */
class ForwardingSet implements ImageSet {
  private final ImageSet other;

  ForwardingSet(ImageSet other) {
    this.other = other;
  }

  @Override
  public String name() {
    return other.name();
  }

  @Override
  public int size() {
    return other.size();
  }

  @Override
  public int channels() {
    return other.channels();
  }

  @Override
  public int height() {
    return other.height();
  }

  @Override
  public int width() {
    return other.width();
  }

  @Override
  public List<String> classNames() {
    return other.classNames();
  }

  @Override
  public int label(int index) {
    return other.label(index);
  }

  @Override
  public String describe(int index) {
    return other.describe(index);
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    other.read(index, destination, offset);
  }

  @Override
  public String fingerprint() {
    return "forwarding " + other.fingerprint();
  }
}
