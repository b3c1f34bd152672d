package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;

/** How much worse than the champion a candidate may be. Ignored as long as there is no champion. */
public record ChangeRule(
    @Setting(
            value = "What is measured",
            except = {"negative-flip-rate", "positive-flip-rate"})
        Metric metric,
    @Setting("Of which images, as above") String slice,
    @Setting(
            "How much worse it may be, in the metric's units or as a share of the champion's value;"
                + " below 0, how much better it must be")
        double maxLoss,
    @Setting("absolute: the difference; relative: the difference by the champion's value")
        Kind kind,
    @Setting("Which way is better; same: neither way may it move") Direction direction,
    @Setting("Which number decides; gate: as decide-by says") By decideBy)
    implements Rule {

  /** How a change is counted. */
  public enum Kind {
    /** In the metric's units. */
    ABSOLUTE,
    /** As a share of the champion's value. */
    RELATIVE
  }

  /** Which number decides, for this rule. */
  public enum By {
    /** As the gate's {@code decide-by} says. */
    GATE,
    /** The measured value. */
    POINT,
    /** The least loss that the interval holds. */
    LOSS_PROVEN,
    /** The greatest loss that the interval holds. */
    SAFETY_PROVEN;

    /** What that means under a policy. */
    Decision under(GatePolicy gate) {
      return switch (this) {
        case GATE -> gate.decideBy();
        case POINT -> Decision.POINT;
        case LOSS_PROVEN -> Decision.LOSS_PROVEN;
        case SAFETY_PROVEN -> Decision.SAFETY_PROVEN;
      };
    }
  }

  /** What a rule in a file begins with. */
  static final ChangeRule UNSET = of(Metric.ACCURACY, "all", 0);

  /** A limit of the difference in the metric's own direction. */
  public static ChangeRule of(Metric metric, String slice, double maxLoss) {
    return new ChangeRule(metric, slice, maxLoss, Kind.ABSOLUTE, Direction.METRIC, By.GATE);
  }

  /** A limit of the difference by the champion's value, in the metric's own direction. */
  public static ChangeRule relative(Metric metric, String slice, double maxLoss) {
    return new ChangeRule(metric, slice, maxLoss, Kind.RELATIVE, Direction.METRIC, By.GATE);
  }

  /** Which number decides. */
  public Decision decision(GatePolicy gate) {
    return decideBy.under(gate);
  }
}
