package dev.accrete.cl.data;

import java.util.List;
import java.util.Objects;

/**
 * A set that is another one in all that is not overridden. What it changes decides its {@link
 * #fingerprint}, so there is none to inherit. Closing it leaves the other set open.
 */
public abstract class ForwardingImageSet implements ImageSet {
  private final ImageSet source;

  /** A set that forwards to {@code source}. */
  protected ForwardingImageSet(ImageSet source) {
    this.source = Objects.requireNonNull(source);
  }

  /** The other set. */
  protected final ImageSet source() {
    return source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public int channels() {
    return source.channels();
  }

  @Override
  public int height() {
    return source.height();
  }

  @Override
  public int width() {
    return source.width();
  }

  @Override
  public List<String> classNames() {
    return source.classNames();
  }

  @Override
  public int label(int index) {
    return source.label(index);
  }

  @Override
  public String describe(int index) {
    return source.describe(index);
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    source.read(index, destination, offset);
  }
}
