package dev.accrete.nn;

/** Answers from scores. */
public final class Scores {
  private Scores() {}

  /**
   * The place of the highest of {@code scores[offset .. offset + allowed.length)} among those
   * allowed, from 0; the lowest such place if several tie; -1 if none is allowed.
   */
  public static int best(float[] scores, int offset, boolean[] allowed) {
    int best = -1;
    for (int c = 0; c < allowed.length; c++) {
      if (allowed[c] && (best < 0 || scores[offset + c] > scores[offset + best])) {
        best = c;
      }
    }
    return best;
  }

  /** The place of the highest of {@code count} scores; the lowest such place if several tie. */
  public static int best(float[] scores, int offset, int count) {
    int best = 0;
    for (int c = 1; c < count; c++) {
      if (scores[offset + c] > scores[offset + best]) {
        best = c;
      }
    }
    return best;
  }
}
