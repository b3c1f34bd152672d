package dev.accrete.production.daily;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.LineChart;
import dev.accrete.cl.chart.Page;
import dev.accrete.cl.chart.Scale;
import dev.accrete.cl.chart.Series;
import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Simulated productions beside each other: what a strategy or a policy changes. */
public final class StoryComparison {
  /** As many as there are colours. */
  private static final int MOST = 8;

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 420;

  private final List<Story> stories;

  /**
   * A story.
   *
   * @param name in charts and tables
   * @param days at least one
   */
  public record Story(String name, List<StoryDay> days) {
    /** Copies the days. */
    public Story {
      days = List.copyOf(days);
    }

    /**
     * Reads what {@code accrete daily --simulate --out FOLDER} wrote, as far as it is.
     *
     * @throws AccreteException if there is no day
     */
    public static Story read(Path folder) {
      List<StoryDay> days = new StoryFile(folder.resolve(Simulation.DAYS)).read();
      if (days.isEmpty()) {
        throw new AccreteException(
            "there is no story in " + folder + ": accrete daily --simulate --out " + folder);
      }
      return new Story(
          Objects.requireNonNull(folder.toAbsolutePath().getFileName()).toString(), days);
    }

    private List<Series.Point> accuracies() {
      return days.stream()
          .filter(day -> day.accuracy().isPresent())
          .map(day -> new Series.Point(day.number(), day.accuracy().getAsDouble()))
          .toList();
    }

    private String row() {
      List<Series.Point> points = accuracies();
      StoryDay.Sums sums = StoryDay.Sums.of(days);
      return String.format(
          Locale.ROOT,
          "%s\t%d\t%d\t%s\t%s\t%d\t%d\t%.0f\t%s",
          name,
          days.size(),
          days.stream().filter(day -> day.outcome().kind().isProblem()).count(),
          points.isEmpty() ? "-" : Html.percent(points.getLast().y()),
          Html.percent(points.stream().mapToDouble(Series.Point::y).average()),
          days.stream().mapToInt(StoryDay::looked).sum(),
          days.stream().mapToInt(StoryDay::corrected).sum(),
          sums.cpuSeconds(),
          StoryPage.share(sums.cpuSeconds(), sums.retrainCpuSeconds()));
    }
  }

  /**
   * A comparison.
   *
   * @throws AccreteException if there is none, there are more than eight, or two have one name
   */
  public StoryComparison(List<Story> stories) {
    this.stories = List.copyOf(stories);
    if (stories.isEmpty() || stories.size() > MOST) {
      throw new AccreteException(
          "one to " + MOST + " stories can be compared, got " + stories.size());
    }
    Set<String> names = new HashSet<>();
    for (Story story : stories) {
      if (!names.add(story.name())) {
        throw new AccreteException(
            "two folders are called '" + story.name() + "': rename one to tell them apart");
      }
    }
  }

  /** A head and a row for every story, cells divided by tabs. */
  public List<String> table() {
    List<String> rows = new ArrayList<>();
    rows.add(
        String.join(
            "\t",
            "story",
            "days",
            "not in production",
            "accuracy at the end",
            "mean of the tests",
            "labels looked at",
            "corrected",
            "CPU seconds",
            "of re-training every night"));
    stories.forEach(story -> rows.add(story.row()));
    return List.copyOf(rows);
  }

  /** The page: accuracy of the champions by day, and the table. */
  public String html(String title) {
    List<Series> lines = new ArrayList<>();
    int days = 0;
    for (Story story : stories) {
      lines.add(new Series(story.name(), lines.size(), false, story.accuracies()));
      days = Math.max(days, story.days().getLast().number());
    }
    String chart =
        new LineChart(
                WIDTH,
                HEIGHT,
                "accuracy of the champion",
                "day",
                days,
                Scale.fromZero(
                    lines.stream()
                        .flatMap(line -> line.points().stream())
                        .mapToDouble(Series.Point::y)),
                Html::percent,
                lines)
            .svg();
    StringBuilder table = new StringBuilder("<table>\n");
    String cell = "th";
    for (String row : table()) {
      table.append("<tr>");
      for (String text : row.split("\t", -1)) {
        table.append(String.format(Locale.ROOT, "<%1$s>%2$s</%1$s>", cell, Html.escape(text)));
      }
      table.append("</tr>\n");
      cell = "td";
    }
    return Page.of(
        title,
        "<h1>"
            + Html.escape(title)
            + "</h1>\n"
            + Page.section("Accuracy of the model in production, day by day", chart)
            + Page.section("What it comes to", table + "</table>\n"));
  }
}
