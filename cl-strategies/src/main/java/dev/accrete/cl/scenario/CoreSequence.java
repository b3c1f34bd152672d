package dev.accrete.cl.scenario;

import dev.accrete.cl.data.FrameKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One video of CORe50: one object held in one session, about 300 frames.
 *
 * @param session 1..11
 * @param object 1..50; objects 1..5 are of the first category, 6..10 of the second, and so on
 */
public record CoreSequence(int session, int object) implements Comparable<CoreSequence> {
  /** Number of sessions. */
  public static final int SESSIONS = FrameKey.SESSIONS;

  /** Number of objects, which are the classes of every CORe50 scenario here. */
  public static final int OBJECTS = FrameKey.OBJECTS;

  /** Sessions that are learned, in increasing order. */
  public static final List<Integer> TRAIN_SESSIONS = List.of(1, 2, 4, 5, 6, 8, 9, 11);

  /** Sessions that are only tested. */
  public static final List<Integer> TEST_SESSIONS = List.of(3, 7, 10);

  private static final int OBJECTS_PER_CATEGORY = 5;
  private static final Pattern TEXT = Pattern.compile("s([1-9]\\d?)/o([1-9]\\d?)");
  private static final Comparator<CoreSequence> ORDER =
      Comparator.comparingInt(CoreSequence::session).thenComparingInt(CoreSequence::object);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if session or object is out of range
   */
  public CoreSequence {
    if (session < 1 || session > SESSIONS) {
      throw new IllegalArgumentException("session is " + session + ", CORe50 has 1.." + SESSIONS);
    }
    if (object < 1 || object > OBJECTS) {
      throw new IllegalArgumentException("object is " + object + ", CORe50 has 1.." + OBJECTS);
    }
  }

  /** Reads {@code s3/o7}; empty if {@code text} is anything else or out of range. */
  public static Optional<CoreSequence> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int session = Integer.parseInt(matcher.group(1));
    int object = Integer.parseInt(matcher.group(2));
    return session > SESSIONS || object > OBJECTS
        ? Optional.empty()
        : Optional.of(new CoreSequence(session, object));
  }

  /** The class of its frames among the 50 objects: {@code object - 1}. */
  public int label() {
    return object - 1;
  }

  /** The class of its frames among the ten categories. */
  public int category() {
    return (object - 1) / OBJECTS_PER_CATEGORY;
  }

  /** Whether this is one of the 400 sequences that are learned. */
  public boolean isTraining() {
    return TRAIN_SESSIONS.contains(session);
  }

  /** By session, then by object number. */
  @Override
  public int compareTo(CoreSequence other) {
    return ORDER.compare(this, other);
  }

  /** Such as {@code s3/o7}, the form of the schedule files. */
  @Override
  public String toString() {
    return "s" + session + "/o" + object;
  }
}
