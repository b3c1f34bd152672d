package dev.accrete.production.review;

import java.util.Optional;

/**
 * An answer that was given to a user.
 *
 * @param prediction its id
 * @param answer the most probable class
 * @param confidence its probability
 * @param second the probability of the next class; 0 if there is none
 * @param shadow what another model made of the same image, if one was asked
 */
public record Served(
    String prediction, String answer, double confidence, double second, Optional<Shadow> shadow) {
  /** What another model made of an image. */
  public record Shadow(String answer, double confidence) {}

  /** Whether both models agree, as far as is known. */
  boolean disagreement() {
    return shadow.filter(other -> !other.answer().equals(answer)).isPresent();
  }
}
