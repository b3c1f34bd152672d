package dev.accrete.cl.run;

import dev.accrete.cl.metrics.ConfusionMatrix;
import java.util.ArrayList;
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
    List<Mistake> mistakes = new ArrayList<>();
    for (int label = 0; label < matrix.classes(); label++) {
      for (int predicted = 0; predicted < matrix.classes(); predicted++) {
        long count = matrix.count(label, predicted);
        if (label != predicted && count > 0) {
          mistakes.add(new Mistake(label, predicted, count, matrix.support(label)));
        }
      }
    }
    mistakes.sort(Comparator.comparingLong(Mistake::count).reversed());
    return List.copyOf(mistakes.subList(0, Math.min(most, mistakes.size())));
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
