package dev.accrete.production.gate;

import dev.accrete.production.policy.Metric;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One thing that was looked at, what was found, and whether that is good enough.
 *
 * @param metric what was measured, as a policy spells it; empty if nothing was
 * @param slice of which images; empty if of none
 * @param images how many they are
 * @param candidate the candidate's value
 * @param champion the champion's
 * @param loss how much worse the candidate is, in the units of the limit
 * @param limit what the value must reach, or what the value or the loss must not exceed
 * @param interval where the loss lies
 * @param text all of it in a sentence
 */
public record Finding(
    Kind kind,
    Status status,
    String metric,
    String slice,
    int images,
    OptionalDouble candidate,
    OptionalDouble champion,
    OptionalDouble loss,
    OptionalDouble limit,
    Optional<Interval> interval,
    String text) {
  /** What is asked. */
  public enum Kind {
    /** Whether there is anything to judge by. */
    IMAGES,
    /** Whether the candidate knows the classes that the champion knows. */
    CLASSES,
    /** A metric's bound. */
    VALUE,
    /** The least recall of a class. */
    RECALL,
    /** How much worse than the champion's a metric is. */
    CHANGE,
    /** Images answered right before and wrong now. */
    FLIPS,
    /** What happened when the model was loaded and asked in a process of its own. */
    PROCESS
  }

  /** What came of it. */
  public enum Status {
    /** It is good enough. */
    PASSED,
    /** It is not. */
    FAILED,
    /** It is beyond its limit, but so few images may show that by chance: it does not block. */
    WARNED,
    /** There are too few images to tell. */
    NOT_JUDGED,
    /** There is nothing to compare with. */
    IGNORED
  }

  /** A finding about a slice without numbers. */
  static Finding of(
      Kind kind, Status status, Metric metric, String slice, int images, String text) {
    return new Finding(
        kind,
        status,
        metric.spelled(),
        slice,
        images,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        text);
  }

  /** A finding without numbers. */
  static Finding of(Kind kind, Status status, String text) {
    return new Finding(
        kind,
        status,
        "",
        "",
        0,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        text);
  }

  /** A finding about one number and its limit, of no images. */
  static Finding of(
      Kind kind, boolean good, String metric, double value, double limit, String text) {
    return new Finding(
        kind,
        good ? Status.PASSED : Status.FAILED,
        metric,
        "",
        0,
        OptionalDouble.of(value),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(limit),
        Optional.empty(),
        text);
  }

  /** Whether it stands in the way. */
  public boolean failed() {
    return status == Status.FAILED;
  }

  /**
   * Whether somebody had better know it although it does not stand in the way: what may be worse,
   * and what no image was there for.
   */
  public boolean warns() {
    return switch (status) {
      case WARNED -> true;
      case NOT_JUDGED -> kind == Kind.IMAGES || (kind == Kind.RECALL && images == 0);
      default -> false;
    };
  }
}
