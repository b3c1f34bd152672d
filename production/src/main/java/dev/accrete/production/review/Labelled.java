package dev.accrete.production.review;

import dev.accrete.nn.Prediction;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An image with the label it was given and what a model that never learned it makes of it.
 *
 * @param image its key in the store
 * @param probabilities of the model's classes by their names; they sum to 1
 */
public record Labelled(String image, String label, Map<String, Double> probabilities) {
  /** Copies the map. */
  public Labelled {
    probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
    if (probabilities.isEmpty()) {
      throw new IllegalArgumentException("image " + image + " has no probabilities");
    }
  }

  /** An image with a model's prediction. */
  public static Labelled of(String image, String label, Prediction prediction) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    prediction.candidates().forEach(c -> probabilities.put(c.name(), c.probability()));
    return new Labelled(image, label, probabilities);
  }

  /** Whether the model knows the label at all. */
  boolean known() {
    return probabilities.containsKey(label);
  }

  /** The probability of a class, 0 of one that the model does not know. */
  double probability(String name) {
    return probabilities.getOrDefault(name, 0.0);
  }
}
