package dev.accrete.production.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import dev.accrete.production.store.PredictionRecord;
import java.util.Optional;

/**
 * An answer that was given to a user.
 *
 * @param prediction its id
 * @param answer the most probable class
 * @param confidence its probability
 * @param second the probability of the next class, at most that; 0 if there is none
 * @param image the digest of its image, if that was kept
 * @param shadow what another model made of the same image, if one was asked
 */
public record Served(
    String prediction,
    String answer,
    double confidence,
    double second,
    Optional<String> image,
    Optional<Shadow> shadow) {
  /** What another model made of an image. */
  public record Shadow(String answer, double confidence) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * An answer as a store keeps it. Its detail may hold {@code "second"}, the probability of the
   * next class, and {@code "shadow": {"answer": ..., "probability": ...}}.
   *
   * @throws AccreteException if the detail is not JSON
   */
  public static Served of(PredictionRecord record) {
    JsonNode detail;
    try {
      detail = JSON.readTree(record.detail());
    } catch (JsonProcessingException e) {
      throw new AccreteException(
          "the detail of prediction " + record.id() + " is not JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode shadow = detail.path("shadow");
    return new Served(
        record.id(),
        record.answer(),
        record.probability(),
        detail.path("second").asDouble(1 - record.probability()),
        record.image(),
        shadow.path("answer").isTextual()
            ? Optional.of(
                new Shadow(shadow.path("answer").asText(), shadow.path("probability").asDouble()))
            : Optional.empty());
  }

  /** Whether both models agree, as far as is known. */
  boolean disagreement() {
    return shadow.filter(other -> !other.answer().equals(answer)).isPresent();
  }
}
