package dev.accrete.spark;

import dev.accrete.core.Backend;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What some partitions have learned.
 *
 * @param state of a {@link ShippedLearner}; empty if there was no image
 * @param images how many were learned
 * @param bad how many could not be
 * @param remarks why, for the first of them
 */
@SuppressWarnings("ArrayRecordComponent") // Shipped, never compared.
record Partial(byte[] state, long images, long bad, ArrayList<String> remarks)
    implements Serializable {
  private static final int MOST_REMARKS = 100;

  /** Nothing learned. */
  static Partial empty() {
    return new Partial(new byte[0], 0, 0, new ArrayList<>());
  }

  /** What one partition has learned. */
  static Partial of(byte[] state, long images, List<String> bad) {
    return new Partial(state, images, bad.size(), first(bad, List.of()));
  }

  /** Both together; neither is changed, for Spark may use it again. */
  Partial with(Partial other, ShippedLearner begin, Engine engine) {
    byte[] both;
    if (images == 0 || other.images == 0) {
      both = images == 0 ? other.state : state;
    } else {
      Backend backend = engine.backend();
      both = begin.changed(state, backend, sum -> begin.show(other.state, backend, sum::mergePart));
    }
    return new Partial(both, images + other.images, bad + other.bad, first(remarks, other.remarks));
  }

  private static ArrayList<String> first(List<String> some, List<String> others) {
    return new ArrayList<>(
        Stream.concat(some.stream(), others.stream()).limit(MOST_REMARKS).toList());
  }
}
