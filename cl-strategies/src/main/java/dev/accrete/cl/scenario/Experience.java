package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import java.util.stream.IntStream;

/**
 * One step of a stream: images that arrive together and are learned together. It carries its own
 * images; nobody needs to know how many experiences there will be.
 *
 * @param index its place in the stream, from 0
 * @param images what is learned, in presentation order
 */
public record Experience(int index, ImageSet images) {
  /**
   * Checks that there is something to learn.
   *
   * @throws IllegalArgumentException if there is no image, or the index is negative
   */
  public Experience {
    if (index < 0 || images.size() == 0) {
      throw new IllegalArgumentException(
          "experience " + index + " of " + images.size() + " images: needs an image, and a place from 0");
    }
  }

  /** The experience of a batch of a scenario, whose indices point into {@code train}. */
  public static Experience of(Batch batch, ImageSet train) {
    return new Experience(batch.index(), train.subset(batch.images()));
  }

  /** Number of images. */
  public int size() {
    return images.size();
  }

  /** The distinct labels of the images, increasing. */
  public int[] classes() {
    return IntStream.range(0, size()).map(images::label).distinct().sorted().toArray();
  }
}
