package dev.accrete.production.policy;

/** Which number decides whether a change is beyond its limit. */
public enum Decision {
  /** The measured value. */
  POINT,
  /** The least loss that the interval holds: a doubt is in favour of the candidate. */
  LOSS_PROVEN,
  /** The greatest loss that the interval holds: a doubt is against the candidate. */
  SAFETY_PROVEN
}
