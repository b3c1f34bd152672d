package dev.accrete.cl.metrics;

/** How often images of each class were taken for each class. Rows are true classes. */
public final class ConfusionMatrix {
  private final long[][] counts;

  /**
   * An empty matrix.
   *
   * @throws IllegalArgumentException if {@code classes} is not positive
   */
  public ConfusionMatrix(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes is " + classes + ", must be positive");
    }
    counts = new long[classes][classes];
  }

  /**
   * The matrix of a list of answers.
   *
   * @param labels the true class of each image
   * @param predicted the answer to each image
   * @throws IllegalArgumentException if the lengths differ or a class is out of range
   */
  public static ConfusionMatrix of(int classes, int[] labels, int[] predicted) {
    if (labels.length != predicted.length) {
      throw new IllegalArgumentException(
          labels.length + " labels but " + predicted.length + " predictions");
    }
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < labels.length; i++) {
      matrix.add(labels[i], predicted[i]);
    }
    return matrix;
  }

  /**
   * Counts one answer.
   *
   * @throws IllegalArgumentException if a class is out of range
   */
  public void add(int label, int predicted) {
    add(label, predicted, 1);
  }

  /**
   * Counts the same answer several times.
   *
   * @throws IllegalArgumentException if a class is out of range or {@code times} is negative
   */
  public void add(int label, int predicted, long times) {
    if (times < 0) {
      throw new IllegalArgumentException("an answer cannot be counted " + times + " times");
    }
    counts[requireClass("label", label)][requireClass("prediction", predicted)] += times;
  }

  /** Number of classes. */
  public int classes() {
    return counts.length;
  }

  /** How often images of class {@code label} were taken for class {@code predicted}. */
  public long count(int label, int predicted) {
    return counts[requireClass("label", label)][requireClass("prediction", predicted)];
  }

  /** Number of answers. */
  public long total() {
    long total = 0;
    for (int c = 0; c < counts.length; c++) {
      total += support(c);
    }
    return total;
  }

  /** Number of answers about images of class {@code label}. */
  public long support(int label) {
    long support = 0;
    for (long count : counts[requireClass("label", label)]) {
      support += count;
    }
    return support;
  }

  /**
   * Fraction of right answers.
   *
   * @throws IllegalStateException if there is no answer
   */
  public double accuracy() {
    long total = total();
    if (total == 0) {
      throw new IllegalStateException("no answer was counted: the test set is empty");
    }
    long correct = 0;
    for (int c = 0; c < counts.length; c++) {
      correct += counts[c][c];
    }
    return (double) correct / total;
  }

  /** Fraction of the images of class {@code label} answered right; NaN if there are none. */
  public double accuracy(int label) {
    return (double) count(label, label) / support(label);
  }

  /** A copy of the counts, {@code [label][predicted]}. */
  public long[][] toArray() {
    long[][] copy = new long[counts.length][];
    for (int c = 0; c < counts.length; c++) {
      copy[c] = counts[c].clone();
    }
    return copy;
  }

  private int requireClass(String what, int c) {
    if (c < 0 || c >= counts.length) {
      throw new IllegalArgumentException(
          what + " is " + c + ", the classes are 0.." + (counts.length - 1));
    }
    return c;
  }
}
