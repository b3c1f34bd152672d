package dev.accrete.production.daily;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.LineChart;
import dev.accrete.cl.chart.Page;
import dev.accrete.cl.chart.Scale;
import dev.accrete.cl.chart.Series;
import dev.accrete.production.policy.CostPolicy;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** A story as a page for somebody who pays for it. */
public final class StoryPage {
  /** Sentences of a table are broken into lines, under a head at their left. */
  private static final String REASONS =
      """
      .reasons th, .reasons td { text-align: left; vertical-align: top; }
      .reasons td:last-child { white-space: normal; overflow-wrap: anywhere; }
      """;

  private static final int WIDE = 1000;
  private static final int NARROW = 560;
  private static final int HEIGHT = 340;
  private static final int UPDATES = 0;
  private static final int RETRAINING = 2;
  private static final int MOST_PROBLEMS = 40;

  private final List<StoryDay> days;
  private final CostPolicy cost;
  private final StringBuilder html = new StringBuilder();

  private StoryPage(List<StoryDay> days, CostPolicy cost) {
    this.days = days;
    this.cost = cost;
  }

  /**
   * The page.
   *
   * @param title plain text
   * @param days at least one
   * @param command how a reader can repeat it
   */
  public static String html(String title, List<StoryDay> days, CostPolicy cost, String command) {
    return Page.of(title, new StoryPage(days, cost).body(title, command), REASONS);
  }

  private String body(String title, String command) {
    html.append("<h1>").append(Html.escape(title)).append("</h1>\n");
    html.append("<p class=\"verdict\">").append(verdict()).append("</p>\n");
    section(
        "Accuracy of the model in production, day by day",
        chart(
                WIDE,
                "accuracy of the champion",
                Html::percent,
                false,
                line("champion", UPDATES, day -> day.accuracy().orElse(Double.NaN)))
            + "<p class=\"note\">On test images of sessions that never came; images of classes that"
            + " have not come yet count as wrong.</p>");
    html.append("<div class=\"pair\">\n");
    section(
        "Processor time of each night",
        chart(
            NARROW,
            "CPU seconds",
            Html::seconds,
            true,
            line("daily update", UPDATES, StoryDay::cpuSeconds),
            line("re-training", RETRAINING, StoryDay::retrainCpuSeconds)));
    section(
        "Bytes that the next night needs",
        chart(
            NARROW,
            "bytes",
            Html::bytes,
            true,
            line("daily update", UPDATES, day -> (double) day.learnerBytes()),
            line("re-training", RETRAINING, day -> (double) day.retrainBytes())));
    html.append("</div>\n");
    section("What it comes to", table());
    section("Days that did not go into production", problems());
    section("Do it again", "<pre>" + Html.escape(command) + "</pre>\n");
    return html.toString();
  }

  private String verdict() {
    StoryDay.Sums sums = StoryDay.Sums.of(days);
    StoryDay last = days.getLast();
    long blocked = days.stream().filter(day -> day.outcome().kind().isProblem()).count();
    return String.format(
        Locale.ROOT,
        "After %,d days and %,d images the model in production answers <b>%s</b> of the test images"
            + " correctly. All nights' updates together took <b>%s</b> of the processor time that"
            + " re-training every night would take (%s instead of %s), and the last night %s of it;"
            + " %s.%s",
        days.size(),
        last.received(),
        Html.percent(finalAccuracy()),
        share(sums.cpuSeconds(), sums.retrainCpuSeconds()),
        money(sums.cpuSeconds()),
        money(sums.retrainCpuSeconds()),
        share(last.cpuSeconds(), last.retrainCpuSeconds()),
        blocked == 0
            ? "every day went into production"
            : blocked + " of the days did not go into production",
        reviewed());
  }

  private String reviewed() {
    int looked = days.stream().mapToInt(StoryDay::looked).sum();
    int corrected = days.stream().mapToInt(StoryDay::corrected).sum();
    return looked == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " Review suspected %,d labels; somebody looked at them, and %,d were wrong.",
            looked,
            corrected);
  }

  private OptionalDouble finalAccuracy() {
    return days.stream()
        .filter(day -> day.accuracy().isPresent())
        .reduce((a, b) -> b)
        .map(StoryDay::accuracy)
        .orElse(OptionalDouble.empty());
  }

  /** A part as a percentage; a dash if there is no whole. */
  static String share(double part, double whole) {
    return whole > 0 ? String.format(Locale.ROOT, "%.2f%%", 100 * part / whole) : "-";
  }

  private String money(double cpuSeconds) {
    return String.format(
        Locale.ROOT, "%.2f %s", cost.price(cpuSeconds), Html.escape(cost.currency()));
  }

  private String table() {
    StoryDay.Sums sums = StoryDay.Sums.of(days);
    StoryDay last = days.getLast();
    StringBuilder table = new StringBuilder("<table>\n<tr><th></th><th>daily update</th>");
    table.append("<th>re-training every night</th><th>share</th></tr>\n");
    row(
        table,
        "multiply-accumulates",
        (double) sums.macs(),
        (double) sums.retrainMacs(),
        Html::count);
    row(table, "CPU seconds", sums.cpuSeconds(), sums.retrainCpuSeconds(), Html::seconds);
    row(table, "money", sums.cpuSeconds(), sums.retrainCpuSeconds(), this::money);
    row(table, "the last night, CPU", last.cpuSeconds(), last.retrainCpuSeconds(), Html::seconds);
    row(
        table,
        "bytes needed that night",
        (double) last.learnerBytes(),
        (double) last.retrainBytes(),
        Html::bytes);
    return table
        .append(
            "</table>\n<p class=\"note\">Updates: everything of a night, measured: taking images")
        .append(" in, learning, judging the candidate, promoting it. Re-training: one epoch was")
        .append(" run and measured; a night is that times its images times its epochs, which rise")
        .append(" from 4 to 50 by the published rule; judging is left out. At ")
        .append(String.format(Locale.ROOT, "%.3f ", cost.pricePerCpuHour()))
        .append(Html.escape(cost.currency()))
        .append(
            " for an hour of a CPU. The whole store, originals and old versions included, holds ")
        .append(Html.bytes((double) last.bytes()))
        .append(".</p>\n")
        .toString();
  }

  private static void row(
      StringBuilder table, String name, double ours, double theirs, DoubleFunction<String> format) {
    table
        .append("<tr><td>")
        .append(name)
        .append("</td><td>")
        .append(format.apply(ours))
        .append("</td><td>")
        .append(format.apply(theirs))
        .append("</td><td>")
        .append(share(ours, theirs))
        .append("</td></tr>\n");
  }

  private String problems() {
    List<StoryDay> problems =
        days.stream().filter(day -> day.outcome().kind().isProblem()).toList();
    if (problems.isEmpty()) {
      return "<p>None.</p>\n";
    }
    StringBuilder table = new StringBuilder("<div class=\"scroll\"><table class=\"reasons\">\n");
    table.append("<tr><th>day</th><th>what happened</th><th>why</th></tr>\n");
    for (StoryDay day : problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()))) {
      table
          .append("<tr><td>")
          .append(Html.escape(day.outcome().day()))
          .append("</td><td>")
          .append(day.outcome().kind())
          .append("</td><td>")
          .append(String.join("<br>", day.outcome().reasons().stream().map(Html::escape).toList()))
          .append("</td></tr>\n");
    }
    table.append("</table></div>\n");
    if (problems.size() > MOST_PROBLEMS) {
      table.append("<p class=\"note\">").append(problems.size() - MOST_PROBLEMS);
      table.append(" more are in story.jsonl.</p>\n");
    }
    return table.toString();
  }

  private Series line(String name, int colour, ToDoubleFunction<StoryDay> value) {
    return new Series(
        name,
        colour,
        false,
        days.stream()
            .map(day -> new Series.Point(day.number(), value.applyAsDouble(day)))
            .filter(point -> !Double.isNaN(point.y()) && point.y() > 0)
            .toList());
  }

  private String chart(
      int width,
      String description,
      DoubleFunction<String> format,
      boolean logarithmic,
      Series... lines) {
    return new LineChart(
            width,
            HEIGHT,
            description,
            "day",
            days.size(),
            logarithmic ? Scale.decades(values(lines)) : Scale.fromZero(values(lines)),
            format,
            List.of(lines))
        .svg();
  }

  private static DoubleStream values(Series... lines) {
    return List.of(lines).stream()
        .flatMap(line -> line.points().stream())
        .mapToDouble(Series.Point::y);
  }

  private void section(String title, String content) {
    html.append(Page.section(title, content));
  }
}
