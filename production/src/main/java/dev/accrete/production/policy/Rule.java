package dev.accrete.production.policy;

/** What is asked of a metric on a slice. */
public sealed interface Rule permits ValueRule, ChangeRule {
  /** What is measured. */
  Metric metric();

  /** Of which images, as the file spells it. */
  String slice();

  /** Which way is better, as the file spells it. */
  Direction direction();

  /** The images meant. */
  default Selector selector() {
    return Selector.parse(slice());
  }

  /** Which way is better: never {@link Direction#METRIC}. */
  default Direction better() {
    return direction() == Direction.METRIC ? metric().better() : direction();
  }
}
