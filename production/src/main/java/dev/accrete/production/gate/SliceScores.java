package dev.accrete.production.gate;

import dev.accrete.production.policy.Metric;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of a slice.
 *
 * @param slice its name
 * @param images how many it has
 * @param compared of how many the champion knows the class
 * @param metrics by their names, in the order of the policy's metrics
 */
public record SliceScores(
    String slice,
    Map<String, String> values,
    int images,
    int compared,
    Map<String, Score> metrics) {
  /** Copies the maps. */
  public SliceScores {
    values = Map.copyOf(values);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** One of them; recall is called accuracy here. */
  public Optional<Score> score(Metric metric) {
    return Optional.ofNullable(metrics.get(metric.measured().spelled()));
  }
}
