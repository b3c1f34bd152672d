package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.nn.Model;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A way to learn from a stream of experiences, which need not end. One object learns one stream, in
 * order; nothing of it is random beyond the seed, so the same stream gives the same bits on the
 * same backend. Safe for use by several threads: a prediction sees the state before an experience
 * or after it.
 */
public interface Strategy extends AutoCloseable {
  /** The name its provider has, such as {@code ar1-star}. */
  String name();

  /** The settings it runs with. */
  Record settings();

  /**
   * Learns one experience. Experiences come in stream order, from 0, without gaps; after {@link
   * #restore} with the one that follows the saved state.
   *
   * @param experience images of the network's height and width, whose labels are classes of it
   * @return what it cost
   * @throws dev.accrete.core.AccreteException if an image has a label the network has no class for,
   *     or another size than the network's
   * @throws dev.accrete.nn.NumericalException if the loss stops being a finite number; the state is
   *     then of no use and has to be restored
   * @throws IllegalArgumentException if the experience is out of order
   */
  Cost learn(Experience experience, ProgressListener progress);

  /**
   * Whether {@link #predict} reflects everything learned so far. A strategy that retrains at some
   * experiences only is not ready at the others.
   */
  boolean ready();

  /**
   * Whether it has learned what predicts, if only from some of the experiences; {@link #predict}
   * and {@link #model} throw until then.
   */
  default boolean hasModel() {
    return ready();
  }

  /**
   * The predicted class of every listed image. Classes never seen in training are not predicted,
   * whatever their score.
   *
   * @param indices indices into {@code images}, repetitions allowed
   * @throws dev.accrete.core.AccreteException if the images have another size than the network's
   * @throws IllegalStateException unless it {@link #hasModel}, or if this is called by the listener
   *     of a {@link #learn} that has not returned
   */
  int[] predict(ImageSet images, int[] indices);

  /** The predicted class of every image of a set; likewise. */
  default int[] predict(ImageSet images) {
    return predict(images, IntStream.range(0, images.size()).toArray());
  }

  /**
   * What was learned so far as a model that predicts without this strategy: the classes seen, in
   * the order of their ids.
   *
   * @param architecture the network's, as {@link dev.accrete.nn.ModelSpec} reads it
   * @param classNames the name of every class of the network, by id
   * @param provenance remarks to keep with it
   * @throws IllegalStateException unless it {@link #hasModel}
   */
  Model model(String architecture, List<String> classNames, Map<String, String> provenance);

  /** Gives away everything a fresh object needs to go on from here, bit for bit. */
  void save(StateWriter state);

  /**
   * Takes over what {@link #save} gave, into a fresh object of the same settings, whose network may
   * have more classes than the saved one: the classes that are new start as in a network that had
   * them from the beginning.
   *
   * @throws dev.accrete.core.AccreteException if an array is missing or fits no such network
   */
  void restore(StateReader state);

  /** Frees variables and plans. */
  @Override
  void close();
}
