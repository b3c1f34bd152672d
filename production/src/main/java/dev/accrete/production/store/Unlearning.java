package dev.accrete.production.store;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.learner.ContinualLearner;

/** Takes images out of a learner, if it can do that exactly. */
@FunctionalInterface
interface Unlearning {
  /** Nothing can: everything else is learned anew, for which all originals are kept. */
  Unlearning NONE = (learner, images) -> false;

  /**
   * Takes them out.
   *
   * @param images with the labels that they were learned with
   * @return false if it cannot, and has changed nothing
   */
  boolean takeOut(ContinualLearner learner, ImageSet images);
}
