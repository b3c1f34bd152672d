package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;

/**
 * A strategy whose knowledge is a sum over the images it learned, so that images can be taken out
 * of it again, and what another learned put in.
 */
public interface Additive extends Strategy {
  /**
   * Takes images out. What is left is what a strategy knows that never saw them, but for the
   * rounding of sums, which depends on the order of what is added and taken off: scores agree to
   * about nine digits, bits need not. A class without an image left is not predicted any more.
   *
   * <p>How sure predictions may be was measured on images that are not told apart any more, so that
   * measure begins anew with the next experience: until some images were scored, a model's
   * temperature is 1.
   *
   * @param images of the network's size; every one was learned before under the label it has here,
   *     and is taken out once for each time that it is listed. Whether it was learned is not known
   *     here: {@link dev.accrete.cl.learner.ContinualLearner} keeps account of that
   * @return what it cost
   * @throws dev.accrete.core.AccreteException if images have another size, or labels without a
   *     class
   * @throws IllegalArgumentException if of some class there are fewer images than are to be taken
   *     out; nothing has changed then. After any other failure the state is of no use and has to be
   *     restored
   */
  Cost forget(ImageSet images, ProgressListener progress);

  /**
   * Adds what another strategy of the same provider, settings and initial weights learned, on other
   * images: this is then as if it had learned them too. Experiences of both are counted.
   *
   * @param other what that one {@link #save saved}
   * @param labels the class here of each of its classes; -1 for one without an image
   * @throws dev.accrete.core.AccreteException if the state fits no such strategy
   * @throws IllegalArgumentException if labels are not as many as its classes, name a class twice
   *     or one that is not there, or none for one that has images; nothing has changed then
   */
  void merge(StateReader other, int[] labels);
}
