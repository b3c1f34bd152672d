package dev.accrete.production.serve.workshop;

import java.util.Optional;

/**
 * What became of a label.
 *
 * @param answered the class that was answered; empty if the id is unknown
 * @param refusal why the label was not kept; empty if it was
 */
public record FeedbackOutcome(
    String id, String label, Optional<String> answered, Optional<String> refusal) {
  /** A label that was kept. */
  public static FeedbackOutcome kept(Label label, String answered) {
    return new FeedbackOutcome(label.id(), label.label(), Optional.of(answered), Optional.empty());
  }

  /** A label that was not kept. */
  public static FeedbackOutcome refused(Label label, String reason) {
    return new FeedbackOutcome(label.id(), label.label(), Optional.empty(), Optional.of(reason));
  }
}
