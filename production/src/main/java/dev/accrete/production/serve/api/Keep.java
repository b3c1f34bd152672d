package dev.accrete.production.serve.api;

/**
 * Which images are kept with their answers, so that a label that comes later makes them lessons.
 */
public enum Keep {
  /** All of them, as long as there is room in the queue. */
  ALL,
  /** Those whose best class leads by less than 0.3. */
  DOUBTFUL,
  /** None. */
  NONE;

  private static final double LEAD = 0.3;

  boolean wants(double best, double second) {
    return switch (this) {
      case ALL -> true;
      case DOUBTFUL -> best - second < LEAD;
      case NONE -> false;
    };
  }
}
