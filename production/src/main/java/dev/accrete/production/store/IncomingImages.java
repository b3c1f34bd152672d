package dev.accrete.production.store;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Properties;
import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.util.List;

/** The images of a day that are about to be taken in, decoded. */
public final class IncomingImages implements ImageSet {
  private final String name;
  private final int side;
  private final List<String> classNames;
  private final List<Admission.Admitted> images;
  private final Spool pixels;

  /**
   * Images on their way.
   *
   * @param classNames of the store, then those that the day brings
   */
  IncomingImages(
      String name,
      int side,
      List<String> classNames,
      List<Admission.Admitted> images,
      Spool pixels) {
    this.name = name;
    this.side = side;
    this.classNames = List.copyOf(classNames);
    this.images = List.copyOf(images);
    this.pixels = pixels;
  }

  /** An image as its source offers it. */
  public Item item(int index) {
    return images.get(index).image().item();
  }

  /** SHA-256 of an image's file. */
  public String sha256(int index) {
    return images.get(index).image().sha256();
  }

  /** Whether an image will be learned. */
  public Split split(int index) {
    return images.get(index).split();
  }

  /** What an image looks like in a few numbers. */
  public Properties properties(int index) {
    return images.get(index).image().properties();
  }

  /** The day's name. */
  @Override
  public String name() {
    return name;
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
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return classNames.indexOf(item(index).label());
  }

  @Override
  public String describe(int index) {
    return item(index).name();
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    try {
      pixels.read(images.get(index).image().number(), destination, offset);
    } catch (IOException e) {
      throw new DataException("cannot read the pixels of " + describe(index) + ": " + e, e);
    }
  }

  @Override
  public String fingerprint() {
    StringBuilder all = new StringBuilder(Integer.toString(side));
    for (int i = 0; i < size(); i++) {
      all.append(' ').append(sha256(i)).append(' ').append(item(i).label());
    }
    return Digests.of(all.toString());
  }
}
