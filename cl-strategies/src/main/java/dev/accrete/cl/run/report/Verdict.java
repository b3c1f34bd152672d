package dev.accrete.cl.run.report;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.run.StrategyInfo.Role;
import dev.accrete.cl.run.Summary;
import dev.accrete.cl.run.Summary.Result;
import java.util.Locale;
import java.util.Optional;

/** The result of a run in a few sentences. */
final class Verdict {
  private static final double POINTS = 100;
  private static final double SAME = 0.05;
  private static final double ALMOST_NOTHING = 0.0005;

  private Verdict() {}

  static String html(Summary summary, Cast cast) {
    String lead = cast.lead();
    Result result = result(summary, lead).orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "After %,d experiences <b>%s</b> %s",
            summary.experiences(),
            Html.escape(cast.look(lead).name()),
            result.finalAccuracy().isPresent()
                ? "answers <b>"
                    + Html.percent(result.finalAccuracy())
                    + "</b> of the test images correctly"
                : "was not tested"));
    other(summary, cast, Role.FINE_TUNING)
        .ifPresent(naive -> text.append(against(result, naive, "naive fine-tuning")));
    text.append(". ");
    other(summary, cast, Role.RETRAINING).ifPresent(full -> text.append(retraining(result, full)));
    return text.toString();
  }

  private static String against(Result result, Result other, String name) {
    if (result.finalAccuracy().isEmpty() || other.finalAccuracy().isEmpty()) {
      return "";
    }
    double difference =
        POINTS * (result.finalAccuracy().getAsDouble() - other.finalAccuracy().getAsDouble());
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
                        + share(1 - measured.compute().stream())
                        + "</b> of the computation that re-training at every experience would"
                        + " take.")
            .orElse("");
    return "Re-training on everything seen reaches "
        + Html.percent(full.finalAccuracy())
        + "."
        + cost;
  }

  /** A percentage that says 0% of nothing alone. */
  private static String share(double fraction) {
    return fraction > 0 && fraction < ALMOST_NOTHING ? "less than 0.1%" : Html.percent(fraction);
  }

  /** The one that stands for something, unless it leads. */
  private static Optional<Result> other(Summary summary, Cast cast, Role role) {
    return cast.first(role)
        .filter(name -> !name.equals(cast.lead()))
        .flatMap(name -> result(summary, name));
  }

  private static Optional<Result> result(Summary summary, String name) {
    return Optional.ofNullable(summary.strategies().get(name));
  }
}
