package dev.accrete.cl.scenario;

import dev.accrete.cl.data.FrameKey;
import java.util.List;

/**
 * A CORe50 test set and how it is scored.
 *
 * @param frames the distinct frames, in the order of the published file list
 * @param scoring how often each of them counts
 */
public record TestFrames(List<FrameKey> frames, Scoring scoring) {
  /** The published test set takes every 20th frame of the full list. */
  public static final int PUBLISHED_EVERY = 20;

  /** Copies the list. */
  public TestFrames {
    frames = List.copyOf(frames);
  }

  /** All 44,972 frames of sessions 3, 7 and 10, each scored once. */
  public static TestFrames full() {
    return every(1, Scoring.ONCE);
  }

  /** The 2,249 frames of the published test set. */
  public static TestFrames published(Scoring scoring) {
    return every(PUBLISHED_EVERY, scoring);
  }

  /**
   * Every {@code every}-th frame of the full list, see {@link CoreFrames#test}.
   *
   * @throws IllegalArgumentException if {@code every} is not positive
   */
  public static TestFrames every(int every, Scoring scoring) {
    return new TestFrames(CoreFrames.official().test(every), scoring);
  }

  /** How many answers are scored: 2,300 for the published set under {@link Scoring#PUBLISHED}. */
  public int scored() {
    return scoring.scored(frames.size());
  }
}
