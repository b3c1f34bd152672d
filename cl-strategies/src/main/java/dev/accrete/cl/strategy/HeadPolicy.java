package dev.accrete.cl.strategy;

/** What becomes of the head's rows, and which classes may be predicted. */
public interface HeadPolicy extends Part {
  /** The classes seen in training, by id. */
  boolean[] seen();
}
