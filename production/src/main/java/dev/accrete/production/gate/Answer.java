package dev.accrete.production.gate;

import dev.accrete.nn.Prediction;
import java.util.List;

/**
 * What a model makes of one image.
 *
 * @param label the most probable class
 * @param confidence its probability, in [0, 1]
 * @param truthProbability the probability of the true class, 0 if the model does not know it
 */
public record Answer(String label, double confidence, double truthProbability) {
  private static final double ROUNDING = 1e-6;

  /**
   * Checks the probabilities.
   *
   * @throws IllegalArgumentException if one is no probability
   */
  public Answer {
    require("confidence", confidence);
    require("probability of the truth", truthProbability);
  }

  private static void require(String what, double value) {
    if (!(value >= 0 && value <= 1 + ROUNDING)) {
      throw new IllegalArgumentException(what + " is " + value + ", must be from 0 to 1");
    }
  }

  /**
   * The answer of a model for an image of class {@code truth}.
   *
   * @param classes of the model
   * @param probabilities one for each of them; of equals the first is the answer
   */
  public static Answer of(List<String> classes, double[] probabilities, String truth) {
    int best = 0;
    for (int k = 1; k < probabilities.length; k++) {
      if (probabilities[k] > probabilities[best]) {
        best = k;
      }
    }
    int own = classes.indexOf(truth);
    return new Answer(classes.get(best), probabilities[best], own < 0 ? 0 : probabilities[own]);
  }

  /** The answer of a prediction for an image of class {@code truth}. */
  public static Answer of(Prediction prediction, String truth) {
    Prediction.Candidate best = prediction.best();
    double truthProbability =
        prediction.candidates().stream()
            .filter(candidate -> candidate.name().equals(truth))
            .mapToDouble(Prediction.Candidate::probability)
            .findFirst()
            .orElse(0);
    return new Answer(best.name(), best.probability(), truthProbability);
  }
}
