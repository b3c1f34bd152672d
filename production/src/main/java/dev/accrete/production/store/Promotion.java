package dev.accrete.production.store;

/**
 * Who moves the champion, and why.
 *
 * @param actor a person or a program
 * @param reason may be empty unless {@code force}
 * @param force whether a version that was not blessed is promoted all the same
 */
public record Promotion(String actor, String reason, boolean force) {
  /** A promotion by the rules. */
  public static Promotion by(String actor) {
    return new Promotion(actor, "", false);
  }

  /** The same with a reason. */
  public Promotion because(String why) {
    return new Promotion(actor, why, force);
  }

  /** The same against the rules. */
  public Promotion forced() {
    return new Promotion(actor, reason, true);
  }
}
