package dev.accrete.app;

import dev.accrete.cl.run.Summary;
import dev.accrete.cl.run.Summary.Measured;
import dev.accrete.cl.run.Summary.Result;
import dev.accrete.cl.run.Summary.Savings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The result of a run as text for a terminal. */
final class SummaryTable {
  private static final double ALMOST_ALL = 0.9995;
  private static final double TERA = 1e12;
  private static final double MIB = 1L << 20;

  private SummaryTable() {}

  static String of(Summary summary) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "strategy",
            "final",
            "average",
            "forgetting",
            "worst fall",
            "TMAC",
            "seconds",
            "peak MiB"));
    summary.strategies().forEach((name, result) -> rows.add(row(name, result)));
    StringBuilder text = new StringBuilder("\n").append(aligned(rows));
    summary
        .retraining()
        .filter(Summary.Retraining::sampled)
        .ifPresent(
            retraining ->
                text.append("re-training ran after experiences ")
                    .append(retraining.cumulativeAt())
                    .append(" only")
                    .append(retraining.capped() ? ", for epochs " + retraining.epochs() : "")
                    .append(".\n"));
    summary
        .skipped()
        .ifPresent(
            skipped ->
                text.append("left out because they cannot be decoded: ")
                    .append(skipped.train())
                    .append(" training and ")
                    .append(skipped.test())
                    .append(" test images.\n"));
    List<List<String>> savings = savings(summary);
    if (savings.size() > 1) {
      text.append('\n').append(aligned(savings));
    }
    return text.toString();
  }

  private static List<String> row(String name, Result result) {
    return List.of(
        name,
        percent(result.finalAccuracy()),
        percent(result.averageAccuracy()),
        percent(result.forgetting()),
        percent(result.worstFall()),
        String.format(Locale.ROOT, "%.2f", result.trainMacs() / TERA),
        String.format(Locale.ROOT, "%.1f", result.trainSeconds()),
        String.format(Locale.ROOT, "%.0f", result.peakBytes() / MIB));
  }

  private static List<List<String>> savings(Summary summary) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "saved against re-training", "compute avg", "last", "stream", "memory avg", "last"));
    summary
        .strategies()
        .forEach(
            (name, result) ->
                result.savings().ifPresent(savings -> addSavings(rows, name, savings)));
    return rows;
  }

  private static void addSavings(List<List<String>> rows, String name, Savings savings) {
    rows.add(
        List.of(
            name + ", counted as published",
            saving(savings.seed().compute().average()),
            saving(savings.seed().compute().last()),
            "-",
            saving(savings.seed().memory().average()),
            saving(savings.seed().memory().last())));
    savings.measured().ifPresent(measured -> rows.add(measured(name, measured)));
  }

  private static List<String> measured(String name, Measured measured) {
    return List.of(
        name + ", measured",
        saving(measured.compute().average()),
        saving(measured.compute().last()),
        saving(measured.compute().stream()),
        saving(measured.memory().average()),
        saving(measured.memory().last()));
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * fraction);
  }

  private static String percent(OptionalDouble fraction) {
    return fraction.isPresent() ? percent(fraction.getAsDouble()) : "-";
  }

  /** A percentage that says 100% only of the whole. */
  private static String saving(double fraction) {
    return fraction < 1 && fraction >= ALMOST_ALL ? ">99.9%" : percent(fraction);
  }

  /** Columns of equal width: the first to the left, numbers to the right. */
  static String aligned(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        String padding = " ".repeat(widths[c] - row.get(c).length());
        text.append(c == 0 ? row.get(c) + padding : "  " + padding + row.get(c));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
