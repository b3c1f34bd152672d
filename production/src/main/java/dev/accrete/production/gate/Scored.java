package dev.accrete.production.gate;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One image that no model learned, with the answers to it.
 *
 * @param image its key in the store
 * @param truth its class
 * @param features what else is known of it, such as subject, day, and the columns of a CSV file
 * @param champion the answer of the champion, if there is one
 */
public record Scored(
    String image,
    String truth,
    Part part,
    Map<String, String> features,
    Answer candidate,
    Optional<Answer> champion) {
  /** The feature that every image has of its class. */
  public static final String CLASS = "class";

  /** The feature that every image has of its {@link Part}. */
  public static final String SET = "set";

  private static final Set<String> OWN = Set.of(CLASS, SET);

  /** Where an image comes from. */
  public enum Part {
    /** The regression set as it was. */
    REGRESSION("regression"),
    /** The held-out part of the new data. */
    NEW("new");

    private final String text;

    Part(String text) {
      this.text = text;
    }

    /** As slices name it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if a feature is called class or set, which have their own
   *     meaning
   */
  public Scored {
    features = Map.copyOf(features);
    for (String own : OWN) {
      if (features.containsKey(own)) {
        throw new IllegalArgumentException(
            "image " + image + " has a feature '" + own + "', which has a meaning of its own");
      }
    }
  }
}
