package dev.accrete.production.review;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds labels that are likely wrong by confident learning (Northcutt, Jiang and Chuang, "Confident
 * Learning: Estimating Uncertainty in Dataset Labels", JAIR 2021): an image counts as one of the
 * class that is the most probable among those which reach their threshold; where that is another
 * class than its label's, the label is suspect (the off-diagonal of the confident joint).
 *
 * <p>The probabilities must come from a model that did not learn the images: the champion, on the
 * images of a new day.
 */
public final class ConfidentLearning {
  private ConfidentLearning() {}

  /**
   * What was found.
   *
   * @param suspects the likeliest first
   * @param judged images whose label the model knows
   * @param unknown images of classes that the model does not know, of which nothing can be said
   */
  public record Findings(List<Suspect> suspects, int judged, int unknown) {
    /** Copies the list. */
    public Findings {
      suspects = List.copyOf(suspects);
    }

    /** Share of the judged images that are suspect; 0 if none was judged. */
    public double share() {
      return judged == 0 ? 0 : (double) suspects.size() / judged;
    }
  }

  /** Looks at the labels of a day. */
  public static Findings suspects(Collection<Labelled> day, Thresholds thresholds) {
    List<Labelled> known = day.stream().filter(Labelled::known).toList();
    return new Findings(
        known.stream()
            .flatMap(image -> suspect(image, thresholds).stream())
            .sorted(
                Comparator.comparingDouble(Suspect::score).reversed().thenComparing(Suspect::image))
            .toList(),
        known.size(),
        day.size() - known.size());
  }

  private static Optional<Suspect> suspect(Labelled image, Thresholds thresholds) {
    double own = image.probability(image.label());
    return image.probabilities().entrySet().stream()
        .filter(e -> e.getValue() >= thresholds.of(e.getKey()))
        .max(Map.Entry.comparingByValue())
        .filter(e -> !e.getKey().equals(image.label()) && e.getValue() > own)
        .map(
            e ->
                new Suspect(
                    image.image(),
                    image.label(),
                    e.getKey(),
                    (1 + e.getValue() - own) / 2,
                    own,
                    e.getValue()));
  }
}
