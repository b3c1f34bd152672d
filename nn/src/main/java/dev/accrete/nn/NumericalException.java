package dev.accrete.nn;

import dev.accrete.core.AccreteException;

/** Training ran out of the range of numbers. The learner's state is not to be trusted any more. */
public final class NumericalException extends AccreteException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public NumericalException(String message) {
    super(message);
  }

  /** The error for the loss of one step, counted from 1. */
  static NumericalException loss(String network, float loss, long step, float learningRate) {
    return new NumericalException(
        "the loss of "
            + network
            + " became "
            + loss
            + " in step "
            + step
            + " at learning rate "
            + learningRate
            + (step == 1
                ? "; nothing was learned yet that could have led there: look for weights to start"
                    + " from or images that are out of range"
                : "; go back to the last checkpoint and lower the learning rate, or look for images"
                    + " or weights that are out of range"));
  }
}
