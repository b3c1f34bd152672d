package dev.accrete.production.review;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * An answer that is worth a look.
 *
 * @param score how much, 0 to 1
 * @param why in a few words
 */
public record Doubt(Served served, double score, String why) {
  /**
   * Answers in the order in which they are worth a look: those on which the models disagree first,
   * the surer both are the better, for one of them is wrong; then those of which the model is least
   * sure, by the margin between its first and its second class (Scheffer, Decomain and Wrobel
   * 2001).
   *
   * @param below a margin from which on an answer on which nobody disagrees is left out
   */
  public static List<Doubt> of(Collection<Served> answers, double below) {
    return answers.stream()
        .filter(a -> a.disagreement() || a.confidence() - a.second() < below)
        .map(Doubt::of)
        .sorted(
            Comparator.comparingDouble(Doubt::score)
                .reversed()
                .thenComparing(doubt -> doubt.served().prediction()))
        .toList();
  }

  private static Doubt of(Served served) {
    if (served.disagreement()) {
      Served.Shadow other = served.shadow().orElseThrow();
      return new Doubt(
          served,
          (1 + Math.min(served.confidence(), other.confidence())) / 2,
          "the other model says " + other.answer());
    }
    double margin = served.confidence() - served.second();
    return new Doubt(served, (1 - margin) / 2, "unsure");
  }
}
