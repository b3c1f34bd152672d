package dev.accrete.production.gate;

/**
 * An image that one model answers right and the other wrong.
 *
 * @param image its key
 * @param truth its class
 */
public record Flip(String image, String truth, Answer before, Answer after) {
  /** How far the probability of the true class fell (below 0: rose). */
  double fall() {
    return before.truthProbability() - after.truthProbability();
  }
}
