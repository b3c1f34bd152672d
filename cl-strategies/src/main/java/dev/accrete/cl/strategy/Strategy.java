package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;

/**
 * A way to learn from a stream of experiences. One object learns one stream, in order, on one
 * thread; nothing of it is random beyond the seed, so the same stream gives the same bits on the
 * same backend.
 */
public interface Strategy extends AutoCloseable {
  /** The name {@link Strategies#create} knows it by, such as {@code ar1-star}. */
  String name();

  /** The settings it runs with. */
  Hyperparameters hyperparameters();

  /**
   * Learns one experience. Experiences come in stream order, from 0, without gaps; after {@link
   * #restore} with the one that follows the saved state.
   *
   * @param train the set that {@code experience.images()} point into; the same at every call, its
   *     images of the network's height and width
   * @return what it cost
   * @throws dev.accrete.core.AccreteException if an image has a label the network has no class for,
   *     or another size than the network's
   * @throws dev.accrete.nn.NumericalException if the loss stops being a finite number; the state is
   *     then of no use and has to be restored
   * @throws IllegalArgumentException if the experience is out of order
   */
  Cost learn(Experience experience, ImageSet train, Progress progress);

  /**
   * Whether {@link #predict} reflects everything learned so far. A cumulative strategy that
   * retrains at some experiences only is not ready at the others.
   */
  boolean ready();

  /**
   * The predicted class of every listed image. Classes never seen in training are not predicted,
   * whatever their score.
   *
   * @param indices indices into {@code images}, repetitions allowed
   * @throws dev.accrete.core.AccreteException if the images have another size than the network's
   * @throws IllegalStateException if nothing was learned yet
   */
  int[] predict(ImageSet images, int[] indices);

  /** Gives away everything a fresh object needs to go on from here, bit for bit. */
  void save(StateWriter state);

  /**
   * Takes over what {@link #save} gave, into a fresh object of the same settings.
   *
   * @throws dev.accrete.core.AccreteException if an array is missing or has another length
   */
  void restore(StateReader state);

  /** Frees variables and plans. */
  @Override
  void close();
}
