package dev.accrete.cl.run.report;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.LineChart;
import dev.accrete.cl.chart.Scale;
import dev.accrete.cl.chart.ScatterChart;
import dev.accrete.cl.chart.Series;
import dev.accrete.cl.run.Ledger;
import dev.accrete.cl.run.LedgerRow;
import dev.accrete.cl.run.RetrainCosts;
import dev.accrete.cl.run.StrategyInfo.Role;
import dev.accrete.cl.run.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The charts of the page, from the ledgers. */
final class Charts {
  private static final int WIDE = 1000;
  private static final int NARROW = 560;
  private static final int HEIGHT = 380;
  private static final double MIB = 1 << 20;
  private static final double WIDE_FACTOR = 20;

  private final List<Ledger> ledgers;
  private final int experiences;
  private final Optional<RetrainCosts> retraining;
  private final Cast cast;

  Charts(List<Ledger> ledgers, int experiences, Optional<RetrainCosts> retraining, Cast cast) {
    this.ledgers = ledgers;
    this.experiences = experiences;
    this.retraining = retraining;
    this.cast = cast;
  }

  String accuracy() {
    List<Series> lines = new ArrayList<>();
    for (Ledger ledger : ledgers) {
      Look look = cast.look(ledger.strategy());
      boolean sampled = isRetraining(ledger) && ledger.curve().points().size() < experiences;
      lines.add(
          new Series(
              look.name(),
              look.colour(),
              sampled,
              ledger.curve().points().stream()
                  .map(p -> new Series.Point(p.experience() + 1.0, p.accuracy()))
                  .toList()));
    }
    return new LineChart(
            WIDE,
            HEIGHT,
            "test accuracy after each experience",
            "experience",
            experiences,
            Scale.fromZero(values(lines)),
            Html::percent,
            lines)
        .svg();
  }

  String compute() {
    return costs(
        "multiply-accumulates of each experience",
        row -> row.cost().macs(),
        (costs, rows) -> costs.macs(rows).retrain(),
        Html::count);
  }

  String memory() {
    return costs(
        "peak MiB of each experience",
        row -> row.cost().peakBytes() / MIB,
        (costs, rows) -> Arrays.stream(costs.bytes(rows).retrain()).map(b -> b / MIB).toArray(),
        mib -> Html.bytes(mib * MIB));
  }

  /** Accuracy at the end against the computation of the whole stream. */
  String bargain(Summary summary) {
    List<ScatterChart.Dot> dots = new ArrayList<>();
    for (Ledger ledger : ledgers) {
      Summary.Result result = summary.strategies().get(ledger.strategy());
      if (result != null && result.finalAccuracy().isPresent() && result.trainMacs() > 0) {
        Look look = cast.look(ledger.strategy());
        dots.add(
            new ScatterChart.Dot(
                look.name(),
                look.colour(),
                result.trainMacs(),
                result.finalAccuracy().getAsDouble()));
      }
    }
    if (dots.isEmpty()) {
      return "<p class=\"note\">Nothing was tested yet.</p>";
    }
    return new ScatterChart(
            WIDE,
            HEIGHT,
            new ScatterChart.Axis(
                "multiply-accumulates of all learning",
                Scale.decades(dots.stream().mapToDouble(ScatterChart.Dot::cost)),
                Html::count),
            new ScatterChart.Axis(
                "accuracy at the end",
                Scale.fromZero(dots.stream().mapToDouble(ScatterChart.Dot::value)),
                Html::percent),
            dots)
        .svg();
  }

  /** Re-training's cost at every experience, given any strategy's rows. */
  private interface Retrained {
    double[] series(RetrainCosts costs, List<LedgerRow> rows);
  }

  private String costs(
      String description,
      ToDoubleFunction<LedgerRow> cost,
      Retrained retrained,
      DoubleFunction<String> format) {
    List<Series> lines = new ArrayList<>();
    for (Ledger ledger : ledgers) {
      Look look = cast.look(ledger.strategy());
      boolean dashed = isRetraining(ledger);
      List<Series.Point> points =
          dashed
              ? retraining
                  .map(costs -> points(retrained.series(costs, ledger.rows())))
                  .orElse(List.of())
              : points(ledger.rows().stream().mapToDouble(cost).toArray());
      lines.add(new Series(look.name(), look.colour(), dashed, points));
    }
    return new LineChart(
            NARROW,
            HEIGHT,
            description,
            "experience",
            experiences,
            wide(lines) ? Scale.decades(values(lines)) : Scale.fromZero(values(lines)),
            format,
            lines)
        .svg();
  }

  private static List<Series.Point> points(double[] values) {
    return IntStream.range(0, values.length)
        .filter(i -> values[i] > 0)
        .mapToObj(i -> new Series.Point(i + 1.0, values[i]))
        .toList();
  }

  /** Whether a linear axis would flatten the small values. */
  private static boolean wide(List<Series> lines) {
    double max = values(lines).max().orElse(1);
    return values(lines).min().orElse(1) * WIDE_FACTOR < max;
  }

  private boolean isRetraining(Ledger ledger) {
    return cast.is(ledger.strategy(), Role.RETRAINING);
  }

  private static DoubleStream values(List<Series> lines) {
    return lines.stream().flatMap(l -> l.points().stream()).mapToDouble(Series.Point::y);
  }
}
