package dev.accrete.spark;

import dev.accrete.cl.learner.LearnedPart;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What some partitions have learned.
 *
 * @param part what it is; none if there was no image
 * @param images how many were learned
 * @param bad how many could not be
 * @param remarks why, for the first of them
 */
record Partial(ShippedPart part, long images, long bad, ArrayList<String> remarks)
    implements Serializable {
  private static final int MOST_REMARKS = 100;

  /** Nothing learned. */
  static Partial empty() {
    return of(ShippedPart.none(), 0, List.of());
  }

  /** What one partition has learned. */
  static Partial of(ShippedPart part, long images, List<String> bad) {
    return new Partial(part, images, bad.size(), first(bad, List.of()));
  }

  /** Both together; neither is changed, for Spark may use it again. */
  Partial with(Partial other, Engine engine) {
    List<LearnedPart> parts =
        Stream.of(part, other.part).flatMap(shipped -> shipped.content().stream()).toList();
    return new Partial(
        parts.size() < 2
            ? (images == 0 ? other.part : part)
            : ShippedPart.of(LearnedPart.sum(parts, engine.backend())),
        images + other.images,
        bad + other.bad,
        first(remarks, other.remarks));
  }

  private static ArrayList<String> first(List<String> some, List<String> others) {
    return new ArrayList<>(
        Stream.concat(some.stream(), others.stream()).limit(MOST_REMARKS).toList());
  }
}
