package dev.accrete.production.gate;

import dev.accrete.production.policy.Policy;

/**
 * Judges a candidate by a policy. Pure: the same trial and the same policy give the same verdict,
 * to the bit, whatever the order of images.
 */
public final class Gate {
  private Gate() {}

  /**
   * Judges.
   *
   * @throws dev.accrete.core.AccreteException if the policy names a slice or a class of which there
   *     is no image, naming all of them
   */
  public static Verdict judge(Trial trial, Policy policy) {
    return new Judgement(trial, policy).verdict();
  }
}
