package dev.accrete.cl.metrics;

import dev.accrete.cl.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of one test.
 *
 * @param accuracy fraction of right answers
 * @param groupAccuracy the same for each group of the test set, such as a session; NaN for a group
 *     without images
 * @param confusion all answers
 */
public record Evaluation(double accuracy, List<Double> groupAccuracy, ConfusionMatrix confusion) {
  /** Copies the list. */
  public Evaluation {
    groupAccuracy = List.copyOf(groupAccuracy);
  }

  /**
   * Scores the answers to the test set of a scenario.
   *
   * @param labels the true class at each position of {@link Scenario#test()}
   * @param predicted the answer at each position of {@link Scenario#test()}
   * @throws IllegalArgumentException if the lengths differ or a class is out of range
   */
  public static Evaluation of(Scenario scenario, int[] labels, int[] predicted) {
    int[] groups = scenario.testGroups();
    if (labels.length != groups.length) {
      throw new IllegalArgumentException(
          labels.length + " labels but " + groups.length + " test positions in " + scenario.name());
    }
    ConfusionMatrix confusion = ConfusionMatrix.of(scenario.classes(), labels, predicted);
    long[] right = new long[scenario.groups().size()];
    long[] all = new long[right.length];
    for (int i = 0; i < labels.length; i++) {
      all[groups[i]]++;
      if (labels[i] == predicted[i]) {
        right[groups[i]]++;
      }
    }
    List<Double> groupAccuracy = new ArrayList<>();
    for (int g = 0; g < right.length; g++) {
      groupAccuracy.add((double) right[g] / all[g]);
    }
    return new Evaluation(confusion.accuracy(), groupAccuracy, confusion);
  }
}
