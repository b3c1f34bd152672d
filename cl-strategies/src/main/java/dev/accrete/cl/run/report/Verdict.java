package dev.accrete.cl.run.report;

import dev.accrete.cl.run.Summary;
import dev.accrete.cl.run.Summary.Result;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.StrategyProvider;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The result of a run in a few sentences. */
final class Verdict {
  private static final double POINTS = 100;
  private static final double SAME = 0.05;

  private Verdict() {}

  /** The strategy the report is about: the one of the lowest rank. */
  static String lead(Summary summary) {
    return summary.strategies().keySet().stream()
        .min(Comparator.comparingInt(name -> Strategies.provider(name).rank()))
        .orElseThrow();
  }

  static String html(Summary summary) {
    String lead = lead(summary);
    Result result = Objects.requireNonNull(summary.strategies().get(lead), lead);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "After %,d experiences <b>%s</b> answers <b>%s</b> of the test images correctly",
            summary.experiences(),
            Html.escape(Look.of(lead).name()),
            Html.percent(result.finalAccuracy())));
    other(summary, lead, StrategyProvider::isLowerBound)
        .ifPresent(naive -> text.append(against(result, naive, "naive fine-tuning")));
    text.append(". ");
    other(summary, lead, StrategyProvider::isRetraining)
        .ifPresent(full -> text.append(retraining(result, full)));
    return text.toString();
  }

  private static String against(Result result, Result other, String name) {
    double difference = POINTS * (result.finalAccuracy() - other.finalAccuracy());
    if (Math.abs(difference) < SAME) {
      return ", as does " + name;
    }
    return String.format(
        Locale.ROOT,
        ", <b>%.1f points %s</b> %s (%s)",
        Math.abs(difference),
        difference < 0 ? "below" : "above",
        name,
        Html.percent(other.finalAccuracy()));
  }

  private static String retraining(Result result, Result full) {
    String cost =
        result
            .savings()
            .flatMap(Summary.Savings::measured)
            .map(
                measured ->
                    " Over the stream it took <b>"
                        + Html.percent(1 - measured.compute().stream())
                        + "</b> of the computation that re-training at every experience would"
                        + " take.")
            .orElse("");
    return "Re-training on everything seen reaches "
        + Html.percent(full.finalAccuracy())
        + "."
        + cost;
  }

  private static Optional<Result> other(
      Summary summary, String lead, Predicate<StrategyProvider<?>> kind) {
    return summary.strategies().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(lead))
        .filter(entry -> kind.test(Strategies.provider(entry.getKey())))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
