package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;

/** A bound of a metric's value, whatever the champion's is. */
public record ValueRule(
    @Setting("What is measured") Metric metric,
    @Setting("Of which images: all, class=cat, class=*, or several as in day=2026-01-31,subject=7")
        String slice,
    @Setting("The value that must be reached (where higher is better) or not exceeded")
        double limit,
    @Setting(value = "Which way is better", except = "same") Direction direction)
    implements Rule {
  /** What a rule in a file begins with. */
  static final ValueRule UNSET = new ValueRule(Metric.ACCURACY, "all", 0, Direction.METRIC);

  /** A bound in the metric's own direction. */
  public static ValueRule of(Metric metric, String slice, double limit) {
    return new ValueRule(metric, slice, limit, Direction.METRIC);
  }
}
