package dev.accrete.production.serve.workshop;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What is known of a version of the model.
 *
 * @param parent the version that it was learned from
 * @param origin how it came about, in a few words
 * @param verdict of the gate, such as {@code blessed}; empty if nobody judged it
 * @param kept whether its model is there still, so that it can be promoted
 * @param figures numbers by name; {@code accuracy}, in [0, 1], is drawn as a curve
 */
public record Version(
    int number,
    OptionalInt parent,
    Instant created,
    String origin,
    String digest,
    List<String> classes,
    String verdict,
    boolean kept,
    Map<String, Double> figures) {
  public Version {
    classes = List.copyOf(classes);
    figures = Map.copyOf(figures);
  }
}
