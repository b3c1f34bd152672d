package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import java.util.Optional;

/** Refuses numbers that no training leaves behind, before they turn up as a loss that is NaN. */
final class WeightCheck {
  /** Trained weights seldom exceed 100, and half precision ends at 65,504. */
  private static final float LARGEST_WEIGHT = 1e5f;

  /** The variance of a sum over 10,000 pixels of 0..255 with weights around 1 is below this. */
  private static final float LARGEST_MOMENT = 1e10f;

  private WeightCheck() {}

  /**
   * Checks all weights and moments of a file.
   *
   * @param source the file they are from
   * @throws AccreteException if one is not finite or too large, or a variance is negative, naming
   *     file, tensor, element and value
   */
  static void check(String source, Network network, Weights weights) {
    fault(network, weights)
        .ifPresent(
            fault -> {
              throw new AccreteException(
                  source
                      + fault
                      + "; the file is damaged or holds something else than trained weights");
            });
  }

  /**
   * Checks all weights and moments of a network in memory.
   *
   * @param what whose they are
   * @throws NumericalException if one is not finite or too large, or a variance is negative
   */
  static void checkTrained(String what, Network network, Weights weights) {
    fault(network, weights)
        .ifPresent(
            fault -> {
              throw new NumericalException(
                  what
                      + fault
                      + "; training diverged: go back to weights from before and lower the"
                      + " learning rate");
            });
  }

  private static Optional<String> fault(Network network, Weights weights) {
    return fault(network.parameters(), weights.parameters(), LARGEST_WEIGHT)
        .or(() -> fault(network.moments(), weights.moments(), LARGEST_MOMENT));
  }

  private static Optional<String> fault(Parameters layout, float[] flat, float largest) {
    for (Parameter parameter : layout.all()) {
      float smallest = parameter.role() == Role.MOVING_VARIANCE ? 0 : -largest;
      for (int i = 0; i < parameter.size(); i++) {
        float value = flat[parameter.offset() + i];
        // Written so that NaN fails.
        if (!(value >= smallest && value <= largest)) {
          return Optional.of(
              ": tensor '"
                  + parameter.name()
                  + "' has the value "
                  + value
                  + " at element "
                  + i
                  + ", outside of "
                  + smallest
                  + " to "
                  + largest);
        }
      }
    }
    return Optional.empty();
  }
}
