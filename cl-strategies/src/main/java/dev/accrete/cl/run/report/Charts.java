package dev.accrete.cl.run.report;

import dev.accrete.cl.run.Ledger;
import dev.accrete.cl.run.LedgerRow;
import dev.accrete.cl.run.RetrainCosts;
import dev.accrete.cl.run.StrategyInfo.Role;
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
