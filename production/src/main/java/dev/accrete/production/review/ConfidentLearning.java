package dev.accrete.production.review;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds labels that are likely wrong by confident learning (Northcutt, Jiang and Chuang, "Confident
 * Learning: Estimating Uncertainty in Dataset Labels", JAIR 2021): an image counts as one of the
 * class that is the most probable among those which reach their threshold; where that is another
 * class than its label's, the label is suspect (the off-diagonal of the confident joint).
 *
 * <p>A weak model suspects right labels too. How often it does is seen on images whose labels were
 * looked after, as false discoveries are estimated from decoys; so every suspect comes with the
 * share of true ones among those up to it.
 *
 * <p>The probabilities must come from a model that did not learn the images: the champion, on the
 * images of a new day.
 */
public final class ConfidentLearning {
  /** Below this a probability counts as this much, so that odds stay finite. */
  private static final double LEAST = 1e-300;

  private ConfidentLearning() {}

  /**
   * What was found.
   *
   * @param suspects the likeliest first
   * @param judged images whose label the model knows
   * @param unknown images of classes that the model does not know, of which nothing can be said
   * @param usual share of images whose labels were looked after that would be suspect; 0 if there
   *     are none
   */
  public record Findings(List<Suspect> suspects, int judged, int unknown, double usual) {
    /** Copies the list. */
    public Findings {
      suspects = List.copyOf(suspects);
    }

    /** Share of the judged images that are suspect; 0 if none was judged. */
    public double share() {
      return judged == 0 ? 0 : (double) suspects.size() / judged;
    }

    /**
     * How many suspects, from the first on, are more likely wrong than right; 0 also where too few
     * labels were looked after to tell.
     */
    public int likely() {
      int likely = 0;
      for (int i = 0; i < suspects.size(); i++) {
        if (suspects.get(i).precision().orElse(0) > 0.5) {
          likely = i + 1;
        }
      }
      return likely;
    }

    /** Share of the judged labels that are wrong, as far as suspects show: at least this much. */
    public double noise() {
      return usual >= 1 ? 0 : Math.max(0, (share() - usual) / (1 - usual));
    }
  }

  /** An image with another class than its label's, and the logarithm of the odds between them. */
  private record Accused(Labelled image, String suggestion, double odds) {}

  /**
   * Looks at the labels of a day.
   *
   * @param clean images whose labels were looked after: the regression set
   */
  public static Findings suspects(
      Collection<Labelled> day, Collection<Labelled> clean, Thresholds thresholds) {
    List<Accused> accused = accused(day, thresholds);
    List<Accused> decoys = accused(clean, thresholds);
    int judged = (int) day.stream().filter(Labelled::known).count();
    int decoyed = (int) clean.stream().filter(Labelled::known).count();
    double[] precision = precision(accused, judged, decoys, decoyed);
    List<Suspect> suspects = new ArrayList<>();
    for (int i = 0; i < accused.size(); i++) {
      Accused one = accused.get(i);
      double own = one.image.probability(one.image.label());
      suspects.add(
          new Suspect(
              one.image.image(),
              one.image.label(),
              one.suggestion,
              (1 + one.image.probability(one.suggestion) - own) / 2,
              decoyed == 0 ? OptionalDouble.empty() : OptionalDouble.of(precision[i])));
    }
    return new Findings(
        suspects, judged, day.size() - judged, decoyed == 0 ? 0 : (double) decoys.size() / decoyed);
  }

  /** The most improbable label first. */
  private static List<Accused> accused(Collection<Labelled> images, Thresholds thresholds) {
    return images.stream()
        .filter(Labelled::known)
        .flatMap(image -> accused(image, thresholds).stream())
        .sorted(
            Comparator.comparingDouble(Accused::odds)
                .reversed()
                .thenComparing(accused -> accused.image.image()))
        .toList();
  }

  private static Optional<Accused> accused(Labelled image, Thresholds thresholds) {
    double own = image.probability(image.label());
    return image.probabilities().entrySet().stream()
        .filter(e -> e.getValue() >= thresholds.of(e.getKey()))
        .max(Map.Entry.comparingByValue())
        .filter(e -> !e.getKey().equals(image.label()) && e.getValue() > own)
        .map(
            e ->
                new Accused(
                    image, e.getKey(), Math.log(e.getValue()) - Math.log(Math.max(own, LEAST))));
  }

  /**
   * For every suspect the share of true ones up to it, or up to a later one if that is more: 1 less
   * the share of decoys with such odds by the share of suspects with such odds (Storey, "A direct
   * approach to false discovery rates", 2002).
   */
  private static double[] precision(
      List<Accused> accused, int judged, List<Accused> decoys, int decoyed) {
    double[] precision = new double[accused.size()];
    int worse = 0;
    for (int i = 0; i < precision.length; i++) {
      while (worse < decoys.size() && decoys.get(worse).odds >= accused.get(i).odds) {
        worse++;
      }
      double byChance = (worse + 1.0) / (decoyed + 1.0);
      precision[i] = Math.clamp(1 - byChance * judged / (i + 1), 0, 1);
    }
    for (int i = precision.length - 2; i >= 0; i--) {
      precision[i] = Math.max(precision[i], precision[i + 1]);
    }
    return precision;
  }
}
