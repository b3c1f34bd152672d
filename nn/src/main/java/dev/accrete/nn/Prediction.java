package dev.accrete.nn;

import java.util.List;

/**
 * What a model takes an image for.
 *
 * @param candidates all classes of the model, the most probable first, equals in the model's order;
 *     the probabilities sum to 1
 */
public record Prediction(List<Candidate> candidates) {
  /** A class and how probable it is, in [0, 1]. */
  public record Candidate(String name, double probability) {}

  public Prediction {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("a prediction needs a candidate");
    }
  }

  /** The most probable class. */
  public Candidate best() {
    return candidates.getFirst();
  }

  /** The {@code count} most probable classes, or all if there are fewer. */
  public List<Candidate> top(int count) {
    return candidates.subList(0, Math.min(count, candidates.size()));
  }
}
