package dev.accrete.cl.data;

import java.util.List;

/**
 * An immutable, ordered set of labelled RGB images of one size. Thread-safe.
 *
 * <p>Every data set of the project comes through this interface: a folder of photographs, a binary
 * file, the simulated CORe50, a packed cache of any of them, or a selection from another set.
 */
public interface ImageSet extends AutoCloseable {
  /** The largest height and width of an image, so that one fits into an array many times over. */
  int MAX_SIDE = 8192;

  /** A short name for reports and file names, such as {@code cifar10-train}. */
  String name();

  /** Number of images. */
  int size();

  /** Number of colour planes of an image: 3 (grey sources are replicated to 3). */
  int channels();

  /** Height of every image, in pixels. */
  int height();

  /** Width of every image, in pixels. */
  int width();

  /** Names of the classes; a label is an index into this list. */
  List<String> classNames();

  /**
   * The label of one image.
   *
   * @return a number in {@code 0..classNames().size() - 1}
   * @throws IndexOutOfBoundsException if {@code index} is not in {@code 0..size() - 1}
   */
  int label(int index);

  /**
   * Where one image comes from (a path, or session, object and frame), for error messages.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not in {@code 0..size() - 1}
   */
  String describe(int index);

  /**
   * Writes one image as planar C,H,W unsigned bytes: {@code channels * height * width} of them.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not in {@code 0..size() - 1} or the image
   *     does not fit into {@code destination} at {@code offset}
   * @throws DamagedImageException if the image can never be decoded; it may then be left out
   * @throws DataException if the source of the image cannot be read
   */
  void read(int index, byte[] destination, int offset);

  /**
   * A content key in hexadecimal: two sets have equal fingerprints if and only if they hold the
   * same images in the same order at the same size.
   */
  String fingerprint();

  /** The images at the given positions, in that order; repetitions are allowed. */
  default ImageSet subset(int[] indices) {
    return new SubsetImageSet(name(), this, indices);
  }

  /** Releases files and mapped memory. Reading afterwards fails. */
  @Override
  default void close() {}
}
