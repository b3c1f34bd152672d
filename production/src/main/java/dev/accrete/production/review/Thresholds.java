package dev.accrete.production.review;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How sure a model is, on average, of each class where it is right to be: the threshold from which
 * on an image counts as one of that class.
 *
 * <p>They come from images that were looked after (the regression set), so that a day of one class,
 * or one whose labels are all wrong, does not shift them. A class with too few such images has the
 * mean of the others.
 */
public final class Thresholds {
  /** Images of a class from which its own mean is trusted. */
  private static final int ENOUGH = 5;

  private final SortedMap<String, Double> byClass = new TreeMap<>();
  private final double other;

  private Thresholds(Map<String, Double> own, double other) {
    byClass.putAll(own);
    this.other = other;
  }

  /**
   * Computes them.
   *
   * @param clean images whose labels were looked after; may be empty
   * @param day used for classes with too few clean images, where it has enough
   */
  public static Thresholds of(Collection<Labelled> clean, Collection<Labelled> day) {
    Map<String, Double> own = new HashMap<>(means(day));
    own.putAll(means(clean));
    // Without any image that tells, a class must have most of the probability.
    double mean = own.values().stream().mapToDouble(t -> t).average().orElse(0.5);
    return new Thresholds(own, mean);
  }

  private static Map<String, Double> means(Collection<Labelled> images) {
    Map<String, Double> sums = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Labelled image : images) {
      if (image.known()) {
        sums.merge(image.label(), image.probability(image.label()), Double::sum);
        counts.merge(image.label(), 1, Integer::sum);
      }
    }
    sums.keySet().removeIf(label -> counts.getOrDefault(label, 0) < ENOUGH);
    sums.replaceAll((label, sum) -> sum / counts.getOrDefault(label, 1));
    return sums;
  }

  /** The threshold of a class. */
  public double of(String name) {
    return byClass.getOrDefault(name, other);
  }

  /** The classes that have one of their own. */
  public Set<String> classes() {
    return Set.copyOf(byClass.keySet());
  }
}
