package dev.accrete.production.policy;

/** Which way a metric is better. */
public enum Direction {
  /** As the metric itself is. */
  METRIC,
  /** Higher values are better. */
  HIGHER,
  /** Lower values are better. */
  LOWER,
  /** Every change is a loss. */
  SAME
}
