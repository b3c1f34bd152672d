package dev.accrete.production.gate;

import dev.accrete.production.gate.Columns.Answers;
import dev.accrete.production.policy.Metric;
import java.util.Arrays;

/** Metrics of some images, each counted as often as its weight says. */
final class Measures {
  private static final int BINS = 15;

  private final Columns columns;
  private final long[] ofClass;
  private final long[] rightOfClass;
  private final double[] gap = new double[BINS];

  Measures(Columns columns) {
    this.columns = columns;
    ofClass = new long[columns.classes()];
    rightOfClass = new long[columns.classes()];
  }

  /**
   * The value of a metric.
   *
   * @param answers whose; of no account to a metric that compares two
   * @param members which images
   * @param weights how often each of them counts; not all 0
   */
  double value(Metric metric, Answers answers, int[] members, int[] weights) {
    return switch (metric) {
      case ACCURACY, RECALL -> share(members, weights, i -> answers.right()[i]);
      case BALANCED_ACCURACY -> balanced(answers, members, weights);
      case LOG_LOSS -> logLoss(answers, members, weights);
      case CALIBRATION_ERROR -> calibrationError(answers, members, weights);
      case NEGATIVE_FLIP_RATE -> flipped(members, weights, false);
      case POSITIVE_FLIP_RATE -> flipped(members, weights, true);
    };
  }

  /** The share of images that changed sides, and are now right or wrong. */
  private double flipped(int[] members, int[] weights, boolean now) {
    boolean[] before = columns.champion().orElseThrow().right();
    boolean[] after = columns.candidate().right();
    return share(members, weights, i -> before[i] != after[i] && after[i] == now);
  }

  private interface Test {
    boolean holds(int image);
  }

  private static double share(int[] members, int[] weights, Test test) {
    long all = 0;
    long holding = 0;
    for (int k = 0; k < members.length; k++) {
      all += weights[k];
      if (weights[k] > 0 && test.holds(members[k])) {
        holding += weights[k];
      }
    }
    return (double) holding / all;
  }

  private double balanced(Answers answers, int[] members, int[] weights) {
    Arrays.fill(ofClass, 0);
    Arrays.fill(rightOfClass, 0);
    for (int k = 0; k < members.length; k++) {
      int label = columns.truth()[members[k]];
      ofClass[label] += weights[k];
      if (answers.right()[members[k]]) {
        rightOfClass[label] += weights[k];
      }
    }
    double sum = 0;
    int present = 0;
    for (int label = 0; label < ofClass.length; label++) {
      if (ofClass[label] > 0) {
        sum += (double) rightOfClass[label] / ofClass[label];
        present++;
      }
    }
    return sum / present;
  }

  private double logLoss(Answers answers, int[] members, int[] weights) {
    double sum = 0;
    long all = 0;
    for (int k = 0; k < members.length; k++) {
      sum += weights[k] * answers.loss()[members[k]];
      all += weights[k];
    }
    return sum / all;
  }

  // A bin's share of the images times the distance of its accuracy and its mean confidence is the
  // distance of two sums, by the number of all images.
  private double calibrationError(Answers answers, int[] members, int[] weights) {
    Arrays.fill(gap, 0);
    long all = 0;
    for (int k = 0; k < members.length; k++) {
      double confidence = answers.confidence()[members[k]];
      int bin = Math.min(BINS - 1, (int) (confidence * BINS));
      gap[bin] += weights[k] * ((answers.right()[members[k]] ? 1 : 0) - confidence);
      all += weights[k];
    }
    double sum = 0;
    for (double difference : gap) {
      sum += Math.abs(difference);
    }
    return sum / all;
  }
}
