package dev.accrete.cl.scenario;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * What one experience of a stream learns, as indices: known before any image is read.
 *
 * @param index its place in the stream, from 0
 * @param images indices into the training image set, in presentation order; do not modify
 * @param classes the distinct labels of these images, increasing; do not modify
 */
@SuppressWarnings("ArrayRecordComponent") // a stream holds 100,000 indices; equality is by content
public record Batch(int index, int[] images, int[] classes) {
  /**
   * Checks that there is something to learn.
   *
   * @throws IllegalArgumentException if there is no image
   */
  public Batch {
    if (images.length == 0) {
      throw new IllegalArgumentException("experience " + index + " has no image");
    }
  }

  /** The batch of {@code images}, its classes collected by {@code label} (image to class). */
  public static Batch of(int index, int[] images, IntUnaryOperator label) {
    return new Batch(
        index, images, Arrays.stream(images).map(label).distinct().sorted().toArray());
  }

  /** Number of images. */
  public int size() {
    return images.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Batch that
        && index == that.index
        && Arrays.equals(images, that.images)
        && Arrays.equals(classes, that.classes);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * index + Arrays.hashCode(images)) + Arrays.hashCode(classes);
  }

  @Override
  public String toString() {
    return "experience " + index + ": " + size() + " images of classes " + Arrays.toString(classes);
  }
}
