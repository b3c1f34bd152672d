package dev.accrete.production.gate;

import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.GatePolicy;
import dev.accrete.production.policy.Metric;
import java.util.Locale;
import java.util.Optional;

/** Findings as sentences. */
final class Phrases {
  private Phrases() {}

  /** At most four decimals. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return value > 0 ? "infinite" : "minus infinite";
    }
    String text = String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
    return text.equals("-0") ? "0" : text;
  }

  static String images(int count) {
    return count == 1 ? "1 image" : count + " images";
  }

  static String of(Metric metric, Slice slice) {
    return metric.spelled() + " of " + slice.name();
  }

  static String bound(Metric metric, Slice slice, double value, boolean higher, double limit) {
    return of(metric, slice)
        + " is "
        + number(value)
        + ", must be "
        + (higher ? "at least " : "at most ")
        + number(limit)
        + " ("
        + images(slice.size())
        + ")";
  }

  /** What follows a value beyond its limit that may be so by chance. */
  static String unproven(int images) {
    return ": not proven by " + images(images);
  }

  static String change(
      ChangeRule rule,
      GatePolicy gate,
      Slice slice,
      double before,
      double after,
      double loss,
      Optional<Interval> interval) {
    boolean relative = rule.kind() == ChangeRule.Kind.RELATIVE;
    String moved =
        rule.better() == Direction.SAME
            ? "moved by " + number(loss)
            : loss > 0
                ? "worse by " + number(loss)
                : loss < 0 ? "better by " + number(-loss) : "no worse";
    String decided =
        switch (rule.decision(gate)) {
          case POINT -> "";
          case LOSS_PROVEN -> ", the low end decides";
          case SAFETY_PROVEN -> ", the high end decides";
        };
    String between =
        interval
            .map(
                i ->
                    String.format(
                        Locale.ROOT,
                        " (loss %s to %s at %s%% confidence%s)",
                        number(i.low()),
                        number(i.high()),
                        number(100 * gate.confidence()),
                        decided))
            .orElse("");
    return String.format(
        Locale.ROOT,
        "%s is %s, was %s: %s%s%s, %s (%s)",
        of(rule.metric(), slice),
        number(after),
        number(before),
        moved,
        relative ? " of that" : "",
        between,
        rule.maxLoss() < 0
            ? "must be better by at least " + number(-rule.maxLoss())
            : "must be at most " + number(rule.maxLoss()),
        images(slice.size()));
  }
}
