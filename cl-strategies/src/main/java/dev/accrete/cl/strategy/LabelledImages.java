package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Network;

/** Images of a set with their labels, checked to be what a network can learn. */
final class LabelledImages {
  private final ImageSet set;
  private final int[] indices;
  private final int[] labels;
  private final int classes;
  private final int imageBytes;

  private LabelledImages(ImageSet set, int[] indices, int[] labels, int classes) {
    this.set = set;
    this.indices = indices;
    this.labels = labels;
    this.classes = classes;
    this.imageBytes = set.channels() * set.height() * set.width();
  }

  /**
   * The images of {@code indices}.
   *
   * @throws AccreteException naming the image, if one has a label without a class or another size
   *     than the network's
   */
  static LabelledImages of(Network network, ImageSet set, int[] indices) {
    requireSize(network, set);
    int[] labels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      labels[i] = set.label(indices[i]);
      if (labels[i] < 0 || labels[i] >= network.classes()) {
        throw new AccreteException(
            "image "
                + set.describe(indices[i])
                + " has label "
                + labels[i]
                + ", but "
                + network.name()
                + " has classes 0 to "
                + (network.classes() - 1)
                + "; correct the label, or make the network with more classes");
      }
    }
    return new LabelledImages(set, indices, labels, network.classes());
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

  int count() {
    return indices.length;
  }

  int label(int position) {
    return labels[position];
  }

  /** Bytes of all these images, decoded. */
  long bytes() {
    return (long) count() * imageBytes;
  }

  /** Copies the images at {@code positions} and their labels into the rows of a mini-batch. */
  void read(int[] positions, byte[] images, int[] rowLabels) {
    for (int row = 0; row < positions.length; row++) {
      set.read(indices[positions[row]], images, row * imageBytes);
      rowLabels[row] = labels[positions[row]];
    }
  }

  /** The set these images are of. */
  ImageSet set() {
    return set;
  }

  /** Where these images are in {@link #set()}; do not modify. */
  int[] indices() {
    return indices;
  }

  /** How many images each class has: real ones, however often a mini-batch repeats them. */
  float[] countByClass() {
    float[] counts = new float[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }
}
