package dev.accrete.cl.scenario;

import java.util.List;

/**
 * A stream of experiences and the test set that measures what was kept of it. Immutable; the same
 * name, run and data always give the same stream.
 */
public interface Scenario {
  /** Such as {@code nicv2-391}. */
  String name();

  /** Which of the scenario's random orders this is. */
  int run();

  /** Number of classes of the whole problem, seen or not; labels are below it. */
  int classes();

  /** The stream, in order. Every training image is in at most one experience. */
  List<Batch> batches();

  /**
   * Indices into the test image set in scoring order; an image may be listed twice ({@link
   * Scoring#PUBLISHED}). Do not modify.
   */
  int[] test();

  /** The group of each position of {@link #test()}, an index into {@link #groups()}. */
  int[] testGroups();

  /** Names of the groups whose accuracy is reported separately, such as {@code session 3}. */
  List<String> groups();

  /**
   * The first {@code experiences} of this stream, with the same test set; the whole stream if it is
   * not longer.
   *
   * @throws IllegalArgumentException if {@code experiences} is not positive
   */
  Scenario first(int experiences);

  /** Images of each experience, in stream order. */
  default int[] sizes() {
    return batches().stream().mapToInt(Batch::size).toArray();
  }
}
