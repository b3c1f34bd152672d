package dev.accrete.production.drift;

/**
 * The Jensen-Shannon distance of two distributions: the square root of the divergence with
 * logarithms to base 2, from 0 for equal to 1 for disjoint ones (Lin 1991; Endres and Schindelin
 * 2003).
 */
public final class JensenShannon {
  private JensenShannon() {}

  /**
   * The distance.
   *
   * @param first weights of the outcomes, at least 0 and not all 0; they need not sum to 1
   * @param second the same of as many outcomes
   * @throws IllegalArgumentException if they are not
   */
  public static double distance(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          first.length + " outcomes cannot be compared with " + second.length);
    }
    double firstSum = sum(first);
    double secondSum = sum(second);
    double divergence = 0;
    for (int i = 0; i < first.length; i++) {
      double p = first[i] / firstSum;
      double q = second[i] / secondSum;
      double middle = (p + q) / 2;
      divergence += (part(p, middle) + part(q, middle)) / 2;
    }
    double bits = divergence / StrictMath.log(2);
    return StrictMath.sqrt(Math.clamp(bits, 0, 1));
  }

  private static double part(double p, double middle) {
    return p == 0 ? 0 : p * StrictMath.log(p / middle);
  }

  private static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a weight is " + weight + ", must be at least 0");
      }
      sum += weight;
    }
    if (sum == 0) {
      throw new IllegalArgumentException("all weights are 0: there is no distribution");
    }
    return sum;
  }
}
