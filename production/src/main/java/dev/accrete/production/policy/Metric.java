package dev.accrete.production.policy;

import java.util.Locale;

/** What is measured of a model's answers. */
public enum Metric {
  /** Share of right answers. */
  ACCURACY(Direction.HIGHER, "share of right answers"),
  /** Mean of the recalls of the classes that occur, each counting the same. */
  BALANCED_ACCURACY(Direction.HIGHER, "mean of the recalls of all classes"),
  /** Share of a class's images that are answered right: accuracy, where a slice is one class. */
  RECALL(Direction.HIGHER, "share of a class's images that are answered right"),
  /** Mean of -ln of the probability given to the true class, at least 1e-15. */
  LOG_LOSS(Direction.LOWER, "mean of -ln of the probability of the true class"),
  /**
   * Expected calibration error over 15 bins of equal width (Guo et al., "On Calibration of Modern
   * Neural Networks", ICML 2017).
   */
  CALIBRATION_ERROR(Direction.LOWER, "how far confidence and accuracy are apart"),
  /**
   * Share of images that the champion answered right and the candidate answers wrong (Yan et al.,
   * "Positive-Congruent Training", CVPR 2021). It has no value without a champion.
   */
  NEGATIVE_FLIP_RATE(Direction.LOWER, "share of images right before and wrong now"),
  /** Share of images that the champion answered wrong and the candidate answers right. */
  POSITIVE_FLIP_RATE(Direction.HIGHER, "share of images wrong before and right now");

  private final Direction better;
  private final String text;

  Metric(Direction better, String text) {
    this.better = better;
    this.text = text;
  }

  /** Which way it is better: higher or lower. */
  public Direction better() {
    return better;
  }

  /** What it is, in a few words. */
  public String text() {
    return text;
  }

  /** What is measured for it: the recall of a class is the accuracy on its images. */
  public Metric measured() {
    return this == RECALL ? ACCURACY : this;
  }

  /** Whether it compares two models, and therefore has no value for one and no change. */
  public boolean comparesTwo() {
    return this == NEGATIVE_FLIP_RATE || this == POSITIVE_FLIP_RATE;
  }

  /** Whether it is a share of images, each of which counts or does not. */
  public boolean isShare() {
    return this == ACCURACY || this == RECALL || comparesTwo();
  }

  /** As a policy spells it, such as {@code balanced-accuracy}. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
