package dev.accrete.production.store;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What making a version will take.
 *
 * @param parent the version whose learner goes on; none if a fresh one begins
 * @param rebuilt whether images that are known already have to be learned again, because the
 *     parent's learner state is not kept, or images have to go that it cannot take out
 * @param days that are learned, in order
 * @param images that are learned
 * @param takenOut images that the parent knows and the new version will not
 * @param macs multiply-accumulates to be expected, as versions so far took them for an image; what
 *     is not done for every image, as solving whenever there are twice as many, comes on top; not
 *     known before a learner has gone on for the first time, as beginning takes other work
 * @param bytes of memory to be expected beyond the program's own: the most that versions took
 */
public record UpdatePlan(
    OptionalInt parent,
    boolean rebuilt,
    List<String> days,
    int images,
    int takenOut,
    OptionalLong macs,
    OptionalLong bytes) {
  /** Keeps a copy. */
  public UpdatePlan {
    days = List.copyOf(days);
  }
}
