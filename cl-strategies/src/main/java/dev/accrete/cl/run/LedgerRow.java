package dev.accrete.cl.run;

import dev.accrete.cl.strategy.Cost;
import java.util.List;

/**
 * What one strategy did with one experience.
 *
 * @param strategy its name
 * @param experience index in the stream, from 0
 * @param images images of the experience
 * @param classes classes of the experience
 * @param classesSeen classes of the stream up to and with this experience
 * @param accuracy fraction of right answers on the test set; NaN if it was not scored
 * @param groupAccuracy the same for each group of the test set; empty if it was not scored
 * @param cost what learning took, without the test
 */
public record LedgerRow(
    String strategy,
    int experience,
    int images,
    int classes,
    int classesSeen,
    double accuracy,
    List<Double> groupAccuracy,
    Cost cost) {
  /** Copies the list. */
  public LedgerRow {
    groupAccuracy = List.copyOf(groupAccuracy);
  }

  /** Whether the test set was scored after this experience. */
  public boolean isEvaluated() {
    return !Double.isNaN(accuracy);
  }
}
