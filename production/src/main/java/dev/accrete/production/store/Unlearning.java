package dev.accrete.production.store;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.core.AccreteException;

/**
 * Takes images out of a learner, if it can do that exactly; everything else is learned anew, for
 * which all originals are kept.
 */
@FunctionalInterface
interface Unlearning {
  /**
   * As {@link ContinualLearner#forget} does it: what is left is what a learner knows that never saw
   * them, but for the rounding of sums. How sure answers may be was measured on images that are not
   * told apart any more: that measure begins anew, so {@link HeldOutTemperature} takes its place
   * until a day is learned.
   */
  Unlearning EXACT =
      (learner, images) -> {
        if (!learner.canForget()) {
          return false;
        }
        try {
          learner.forget(images);
          return true;
        } catch (AccreteException e) {
          // A learner of an earlier version keeps no account of its images: it is made anew.
          Folders.LOG.warn("{}; it is all learned anew without them", e.getMessage());
          return false;
        }
      };

  /**
   * Takes them out.
   *
   * @param images with the labels that they were learned with
   * @return false if it cannot, and has changed nothing
   */
  boolean takeOut(ContinualLearner learner, ImageSet images);
}
