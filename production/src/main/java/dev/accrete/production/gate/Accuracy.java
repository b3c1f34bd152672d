package dev.accrete.production.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import dev.accrete.production.store.Evaluation;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What share of the images that no model learned a candidate has right, as a gate measured it.
 *
 * @param value the candidate's, of the regression set and the held-out images
 * @param images how many these are
 * @param before the champion's, of those whose class it knows
 * @param after the candidate's, of the same
 * @param compared how many these are
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Accuracy(
    double value, int images, OptionalDouble before, OptionalDouble after, int compared) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What stands in an evaluation's metrics; nothing if there were no images.
   *
   * @throws AccreteException if they are not JSON
   */
  public static Optional<Accuracy> of(Evaluation evaluation) {
    JsonNode all;
    try {
      all = JSON.readTree(evaluation.metrics()).at("/slices/0");
    } catch (JsonProcessingException e) {
      throw new AccreteException(
          "the metrics of evaluation " + evaluation.id() + " are not JSON: " + e.getMessage(), e);
    }
    JsonNode accuracy = all.at("/metrics/accuracy");
    return accuracy.at("/value").isNumber()
        ? Optional.of(
            new Accuracy(
                accuracy.at("/value").asDouble(),
                all.at("/images").asInt(),
                number(accuracy.at("/before")),
                number(accuracy.at("/after")),
                all.at("/compared").asInt()))
        : Optional.empty();
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  /** The candidate's alone. */
  public String alone() {
    return String.format(Locale.ROOT, "accuracy %.1f%% (%d images)", 100 * value, images);
  }

  /** The candidate's and the champion's; of the same images, for classes may be new. */
  public String text() {
    if (before.isEmpty() || after.isEmpty()) {
      return alone();
    }
    return compared == images
        ? String.format(
            Locale.ROOT,
            "accuracy %.1f%%, was %.1f%% (%d images)",
            100 * value,
            100 * before.getAsDouble(),
            images)
        : String.format(
            Locale.ROOT,
            "%s; of classes known before %.1f%%, was %.1f%% (%d images)",
            alone(),
            100 * after.getAsDouble(),
            100 * before.getAsDouble(),
            compared);
  }
}
