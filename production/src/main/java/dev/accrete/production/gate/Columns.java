package dev.accrete.production.gate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A trial as arrays, by the position of the image.
 *
 * @param classes how many true classes there are
 * @param truth numbers of true classes, from 0
 * @param known whether the champion knows the true class
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Columns(
    int classes, int[] truth, boolean[] known, Answers candidate, Optional<Answers> champion) {
  /**
   * What one model answered.
   *
   * @param loss -ln of the probability of the true class
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answers(boolean[] right, double[] confidence, double[] loss) {
    /** Below this a probability counts as this much, as in scikit-learn's log_loss of old. */
    private static final double LEAST_PROBABILITY = 1e-15;

    private static Answers of(List<Scored> images, List<Answer> answers) {
      int n = images.size();
      Answers columns = new Answers(new boolean[n], new double[n], new double[n]);
      for (int i = 0; i < n; i++) {
        Answer answer = answers.get(i);
        columns.right[i] = answer.label().equals(images.get(i).truth());
        columns.confidence[i] = answer.confidence();
        columns.loss[i] = -StrictMath.log(Math.max(answer.truthProbability(), LEAST_PROBABILITY));
      }
      return columns;
    }
  }

  static Columns of(Trial trial) {
    List<Scored> images = trial.images();
    Map<String, Integer> ids = new HashMap<>();
    int[] truth =
        images.stream()
            .mapToInt(image -> ids.computeIfAbsent(image.truth(), name -> ids.size()))
            .toArray();
    Set<String> championKnows = trial.champion().map(Contender::classes).orElse(Set.of());
    boolean[] known = new boolean[images.size()];
    for (int i = 0; i < known.length; i++) {
      known[i] = championKnows.contains(images.get(i).truth());
    }
    return new Columns(
        ids.size(),
        truth,
        known,
        Answers.of(images, images.stream().map(Scored::candidate).toList()),
        trial
            .champion()
            .map(
                c ->
                    Answers.of(
                        images, images.stream().flatMap(i -> i.champion().stream()).toList())));
  }

  /** Whether the champion knows the image's class, so that both can be compared. */
  boolean comparable(int image) {
    return known[image];
  }
}
