package dev.accrete.cl.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often images of each class were taken for each class. Rows are true classes.
 *
 * <p>Only cells that are not zero are held: there are never more of them than answers, however many
 * classes are known.
 */
public final class ConfusionMatrix {
  private static final int STATE_OF_CELL = 3;

  private final int classes;
  private final SortedMap<Integer, SortedMap<Integer, Long>> rows = new TreeMap<>();

  /**
   * A cell that is not zero.
   *
   * @param label the true class
   * @param predicted the answer
   * @param count how often
   */
  public record Cell(int label, int predicted, long count) {}

  /**
   * An empty matrix.
   *
   * @param classes classes known when the answers were given; a later matrix may have more
   * @throws IllegalArgumentException if {@code classes} is not positive
   */
  public ConfusionMatrix(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes is " + classes + ", must be positive");
    }
    this.classes = classes;
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
   * What {@link #state()} gave.
   *
   * @throws IllegalArgumentException if it is not such a state
   */
  public static ConfusionMatrix ofState(long[] state) {
    if (state.length % STATE_OF_CELL != 1) {
      throw new IllegalArgumentException(
          "state has " + state.length + " numbers, must have one and three for each cell");
    }
    ConfusionMatrix matrix = new ConfusionMatrix(Math.toIntExact(state[0]));
    for (int i = 1; i < state.length; i += STATE_OF_CELL) {
      matrix.add(Math.toIntExact(state[i]), Math.toIntExact(state[i + 1]), state[i + 2]);
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
    requireClass("label", label);
    requireClass("prediction", predicted);
    if (times < 0) {
      throw new IllegalArgumentException("an answer cannot be counted " + times + " times");
    }
    if (times > 0) {
      rows.computeIfAbsent(label, l -> new TreeMap<>()).merge(predicted, times, Math::addExact);
    }
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** How often images of class {@code label} were taken for class {@code predicted}. */
  public long count(int label, int predicted) {
    requireClass("prediction", predicted);
    return row(label).getOrDefault(predicted, 0L);
  }

  /** The cells that are not zero, by label, then by answer. */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    rows.forEach(
        (label, row) ->
            row.forEach((predicted, count) -> cells.add(new Cell(label, predicted, count))));
    return cells;
  }

  /** Number of answers. */
  public long total() {
    return rows.values().stream().mapToLong(ConfusionMatrix::sum).sum();
  }

  /** Number of answers about images of class {@code label}. */
  public long support(int label) {
    return sum(row(label));
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
    long correct =
        rows.entrySet().stream().mapToLong(e -> e.getValue().getOrDefault(e.getKey(), 0L)).sum();
    return (double) correct / total;
  }

  /** Fraction of the images of class {@code label} answered right; NaN if there are none. */
  public double accuracy(int label) {
    return (double) count(label, label) / support(label);
  }

  /** Everything needed to make it again: the classes, then label, answer and count of each cell. */
  public long[] state() {
    List<Cell> cells = cells();
    long[] state = new long[1 + STATE_OF_CELL * cells.size()];
    state[0] = classes;
    int at = 1;
    for (Cell cell : cells) {
      state[at++] = cell.label();
      state[at++] = cell.predicted();
      state[at++] = cell.count();
    }
    return state;
  }

  private SortedMap<Integer, Long> row(int label) {
    requireClass("label", label);
    return rows.getOrDefault(label, new TreeMap<>());
  }

  private static long sum(SortedMap<Integer, Long> row) {
    return row.values().stream().mapToLong(count -> count).sum();
  }

  private void requireClass(String what, int c) {
    if (c < 0 || c >= classes) {
      throw new IllegalArgumentException(
          what + " is " + c + ", the classes are 0.." + (classes - 1));
    }
  }
}
