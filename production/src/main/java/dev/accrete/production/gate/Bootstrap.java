package dev.accrete.production.gate;

import dev.accrete.core.Rng;
import dev.accrete.production.gate.Columns.Answers;
import dev.accrete.production.policy.Metric;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * Metrics of many samples of a slice, drawn with replacement: both models answer the same images of
 * each sample, so that what makes an image hard for both does not widen the interval of their
 * difference (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993).
 *
 * <p>The draws of a slice depend on its name and size alone, not on what else is judged.
 */
final class Bootstrap {
  private static final long SEED = 0x6761_7465L;

  private final Map<Metric, Drawn> values = new EnumMap<>(Metric.class);

  /** A metric of every sample. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Drawn(double[] champion, double[] candidate) {}

  /**
   * Draws.
   *
   * @param columns of two models
   * @param slice not empty; comparable images only
   */
  Bootstrap(Columns columns, Slice slice, Collection<Metric> metrics, int replicates) {
    Answers champion = columns.champion().orElseThrow();
    Measures measures = new Measures(columns);
    Rng rng = Rng.of(SEED, ByteBuffer.wrap(Hash.bytes(slice.name())).getLong());
    int[] weights = new int[slice.size()];
    for (Metric metric : metrics) {
      values.put(metric, new Drawn(new double[replicates], new double[replicates]));
    }
    for (int r = 0; r < replicates; r++) {
      Arrays.fill(weights, 0);
      for (int k = 0; k < weights.length; k++) {
        weights[rng.nextInt(weights.length)]++;
      }
      for (Map.Entry<Metric, Drawn> entry : values.entrySet()) {
        Metric metric = entry.getKey();
        Drawn drawn = entry.getValue();
        drawn.champion[r] = measures.value(metric, champion, slice.members(), weights);
        drawn.candidate[r] = measures.value(metric, columns.candidate(), slice.members(), weights);
      }
    }
  }

  /** What one number of both values is in every sample. */
  interface Combination {
    double of(double champion, double candidate);
  }

  /**
   * Where a combination of both values lies.
   *
   * @throws IllegalArgumentException if {@code metric} was not drawn
   */
  Interval interval(Metric metric, double confidence, Combination combination) {
    Drawn drawn = values.get(metric.measured());
    if (drawn == null) {
      throw new IllegalArgumentException(metric + " was not drawn");
    }
    double[] combined = new double[drawn.champion.length];
    for (int r = 0; r < combined.length; r++) {
      combined[r] = combination.of(drawn.champion[r], drawn.candidate[r]);
    }
    return Interval.middle(combined, confidence);
  }
}
