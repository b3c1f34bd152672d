package dev.accrete.cl.run;

import dev.accrete.cl.metrics.ConfusionMatrix;
import java.util.Comparator;
import java.util.List;

/**
 * A cell of a confusion matrix beside its diagonal.
 *
 * @param label the true class
 * @param predicted the answer
 * @param count how often
 * @param support of how many images of the true class
 */
public record Mistake(int label, int predicted, long count, long support) {
  /** The most frequent mistakes, the worst first. */
  public static List<Mistake> commonest(ConfusionMatrix matrix, int most) {
    return matrix.cells().stream()
        .filter(cell -> cell.label() != cell.predicted())
        .sorted(Comparator.comparingLong(ConfusionMatrix.Cell::count).reversed())
        .limit(most)
        .map(
            cell ->
                new Mistake(
                    cell.label(), cell.predicted(), cell.count(), matrix.support(cell.label())))
        .toList();
  }

  /** In words: {@code cup 2 taken for glass 1: 7 of 45}. */
  public String describe(List<String> names) {
    return names.get(label).replace('_', ' ')
        + " taken for "
        + names.get(predicted).replace('_', ' ')
        + ": "
        + count
        + " of "
        + support;
  }
}
