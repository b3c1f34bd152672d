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
    return of(
        scenario.classes(), labels, predicted, scenario.testGroups(), scenario.groups().size());
  }

  /**
   * Scores answers.
   *
   * @param classes classes known now
   * @param labels the true class of each image
   * @param predicted the answer to each image
   * @param group the group of each image, from 0
   * @param groups number of groups
   * @throws IllegalArgumentException if the lengths differ or a class is out of range
   */
  public static Evaluation of(int classes, int[] labels, int[] predicted, int[] group, int groups) {
    if (labels.length != group.length) {
      throw new IllegalArgumentException(
          labels.length + " labels but " + group.length + " test positions");
    }
    ConfusionMatrix confusion = ConfusionMatrix.of(classes, labels, predicted);
    long[] right = new long[groups];
    long[] all = new long[groups];
    for (int i = 0; i < labels.length; i++) {
      all[group[i]]++;
      if (labels[i] == predicted[i]) {
        right[group[i]]++;
      }
    }
    List<Double> groupAccuracy = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      groupAccuracy.add((double) right[g] / all[g]);
    }
    return new Evaluation(confusion.accuracy(), groupAccuracy, confusion);
  }
}
