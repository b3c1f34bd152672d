package dev.accrete.cl.strategy;

/**
 * How a covariance S, of which few vectors tell little, is drawn to something simpler: {@code (1 -
 * epsilon) S + epsilon T}. The target T has a diagonal alone.
 */
sealed interface Shrinkage {
  /** The setting that makes it stronger. */
  String setting();

  /** The value of that setting. */
  double strength();

  /** The share of the target. */
  double epsilon(int size, long vectors);

  /** What stands on the diagonal in the place of a variance. */
  double variance(double measured, double epsilon);

  /**
   * To the variances as they are, {@code T = diag(S)}, the less the more vectors there are; so no
   * number need be scaled to be like the others.
   *
   * @param strength epsilon is {@code min(0.5, strength * numbers / vectors)}
   * @param ridge added to every variance: a channel may never have answered yet
   */
  record ToVariances(String setting, double strength, double ridge) implements Shrinkage {
    private static final double MOST = 0.5;

    @Override
    public double epsilon(int size, long vectors) {
      return Math.min(MOST, strength * size / Math.max(1, vectors));
    }

    @Override
    public double variance(double measured, double epsilon) {
      return measured + ridge;
    }
  }

  /** To {@code T = I}, always by the same share (Hayes and Kanan 2020). */
  record ToIdentity(String setting, double strength) implements Shrinkage {
    @Override
    public double epsilon(int size, long vectors) {
      return strength;
    }

    @Override
    public double variance(double measured, double epsilon) {
      return (1 - epsilon) * measured + epsilon;
    }
  }
}
