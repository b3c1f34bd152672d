package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Network;
import java.util.stream.IntStream;

/** Images with their labels, checked to be what a network can learn. */
public final class LabelledImages {
  private final ImageSet set;
  private final int[] labels;
  private final int classes;

  private LabelledImages(ImageSet set, int[] labels, int classes) {
    this.set = set;
    this.labels = labels;
    this.classes = classes;
  }

  /**
   * The images of a set.
   *
   * @throws AccreteException naming the image, if one has a label without a class or another size
   *     than the network's
   */
  public static LabelledImages of(Network network, ImageSet set) {
    requireSize(network, set);
    int[] labels = IntStream.range(0, set.size()).map(set::label).toArray();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= network.classes()) {
        throw new AccreteException(
            "image "
                + set.describe(i)
                + " has label "
                + labels[i]
                + ", but "
                + network.name()
                + " has classes 0 to "
                + (network.classes() - 1)
                + "; correct the label, or make the network with more classes");
      }
    }
    return new LabelledImages(set, labels, network.classes());
  }

  /** Throws unless the images of {@code set} have the network's size. */
  static void requireSize(Network network, ImageSet set) {
    if (set.channels() != network.channels()
        || set.height() != network.height()
        || set.width() != network.width()) {
      throw new AccreteException(
          "images of "
              + set.name()
              + " are "
              + set.channels()
              + "x"
              + set.height()
              + "x"
              + set.width()
              + ", "
              + network.name()
              + " takes "
              + network.channels()
              + "x"
              + network.height()
              + "x"
              + network.width()
              + "; choose the same image size for both");
    }
  }

  /** How many images there are. */
  public int count() {
    return labels.length;
  }

  /** The class of an image. */
  public int label(int position) {
    return labels[position];
  }

  /** The images. */
  public ImageSet set() {
    return set;
  }

  /** Bytes of all these images, decoded. */
  public long bytes() {
    return (long) count() * set.channels() * set.height() * set.width();
  }

  /** Copies the images at {@code positions} and their labels into the rows of a mini-batch. */
  void read(int[] positions, ImageRows rows, int[] rowLabels) {
    rows.read(set, positions, 0, positions.length);
    for (int row = 0; row < positions.length; row++) {
      rowLabels[row] = labels[positions[row]];
    }
  }

  /** How many images each class has: real ones, however often a mini-batch repeats them. */
  public float[] countByClass() {
    float[] counts = new float[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }
}
