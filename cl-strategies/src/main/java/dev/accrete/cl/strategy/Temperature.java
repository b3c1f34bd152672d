package dev.accrete.cl.strategy;

/**
 * How sure scores may be: what they are divided by before the softmax, fitted on images that were
 * not learned (Guo et al. 2017).
 */
public final class Temperature {
  private static final double LEAST_FACTOR = 1e-5;
  private static final int HALVINGS = 60;

  /** The part of all labels that may be wrong, where that is allowed for. */
  private static final double DOUBT = 0.01;

  private static final int COARSE = 48;
  private static final int REFINED = 24;

  private Temperature() {}

  /**
   * The temperature, at least 1, that makes the labels most likely; 1 if there is no image. The
   * mean log loss is convex in its inverse, so its slope is halved in on.
   *
   * @param scores [images, classes]; negative infinity for classes that take no part
   * @param labels of the images
   * @param images how many of them count
   */
  public static double fit(float[] scores, int classes, long[] labels, int images) {
    double low = LEAST_FACTOR;
    double high = 1;
    if (images == 0 || slope(scores, classes, labels, images, high) <= 0) {
      return 1;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      if (slope(scores, classes, labels, images, middle) > 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return 1 / high;
  }

  /**
   * The temperature, at least 1, that makes the labels most likely if one in a hundred may be
   * wrong. Without that doubt, a single wrong label would decide where scores are far apart.
   *
   * @param scores [images, classes]; negative infinity for classes that take no part
   * @param labels of the images
   */
  static double fitDoubting(float[] scores, int classes, long[] labels) {
    double best = 0;
    double step = StrictMath.log(1 / LEAST_FACTOR) / COARSE;
    double most = Double.NEGATIVE_INFINITY;
    // Not convex, so from coarse to fine.
    for (int i = 0; i <= COARSE; i++) {
      double likelihood = doubted(scores, classes, labels, i * step);
      if (likelihood > most) {
        most = likelihood;
        best = i * step;
      }
    }
    for (int halving = 0; halving < REFINED; halving++) {
      step /= 2;
      for (double near : new double[] {Math.max(0, best - step), best + step}) {
        double likelihood = doubted(scores, classes, labels, near);
        if (likelihood > most) {
          most = likelihood;
          best = near;
        }
      }
    }
    return StrictMath.exp(best);
  }

  /** The log-likelihood of labels that may be wrong. */
  private static double doubted(float[] scores, int classes, long[] labels, double logTemperature) {
    double factor = StrictMath.exp(-logTemperature);
    double likelihood = 0;
    for (int row = 0; row < labels.length; row++) {
      int from = row * classes;
      double largest = largest(scores, from, classes);
      double sum = 0;
      int part = 0;
      for (int c = 0; c < classes; c++) {
        double score = scores[from + c] - largest;
        if (score > Double.NEGATIVE_INFINITY) {
          sum += StrictMath.exp(factor * score);
          part++;
        }
      }
      double share = StrictMath.exp(factor * (scores[from + (int) labels[row]] - largest)) / sum;
      likelihood += StrictMath.log((1 - DOUBT) * share + DOUBT / part);
    }
    return likelihood;
  }

  /** How the log loss of all images grows with the factor of the scores. */
  private static double slope(
      float[] scores, int classes, long[] labels, int images, double factor) {
    double slope = 0;
    for (int row = 0; row < images; row++) {
      int from = row * classes;
      double largest = largest(scores, from, classes);
      double sum = 0;
      double weighted = 0;
      for (int c = 0; c < classes; c++) {
        double score = scores[from + c] - largest;
        if (score > Double.NEGATIVE_INFINITY) {
          double share = StrictMath.exp(factor * score);
          sum += share;
          weighted += share * score;
        }
      }
      slope += weighted / sum - (scores[from + (int) labels[row]] - largest);
    }
    return slope;
  }

  private static double largest(float[] scores, int from, int classes) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, scores[from + c]);
    }
    return largest;
  }
}
