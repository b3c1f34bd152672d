package dev.accrete.production.gate;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.Page;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A verdict as a page: what was decided and why first, then the numbers, then the images. */
public final class Card {
  /** The name of the file beside a version. */
  public static final String FILE = "card.html";

  private static final String STYLE = "card.css";
  private static final int MOST_CLASSES = 60;
  private static final Set<String> WIDE = Set.of("all", "set=new", "set=regression");

  private final Verdict verdict;
  private final StringBuilder page = new StringBuilder();

  /** Where the pictures of images come from. */
  @FunctionalInterface
  public interface Thumbnails {
    /** The picture of an image as a data URI, if there is one. */
    Optional<String> dataUri(String image);
  }

  private Card(Verdict verdict) {
    this.verdict = verdict;
  }

  /** The page. */
  public static String html(Verdict verdict, Thumbnails thumbnails) {
    return new Card(verdict).html(thumbnails);
  }

  private static String title(Verdict verdict) {
    return "Version "
        + verdict.candidate().version()
        + (verdict.blessed() ? ", blessed" : ", not blessed");
  }

  private String html(Thumbnails thumbnails) {
    header();
    metrics();
    classes();
    slices();
    changed(thumbnails);
    findings();
    section(
        "What was judged by what",
        "<dl><dt>candidate</dt><dd>"
            + contender(verdict.candidate())
            + "</dd>"
            + verdict
                .champion()
                .map(c -> "<dt>champion</dt><dd>" + contender(c) + "</dd>")
                .orElse("")
            + "<dt>policy</dt><dd>"
            + Html.escape(verdict.policy())
            + "</dd></dl>");
    return Page.of(title(verdict), page.toString(), css());
  }

  private void section(String heading, String content) {
    page.append(Page.section(heading, content));
  }

  private static String css() {
    try (InputStream in =
        Optional.ofNullable(Card.class.getResourceAsStream(STYLE))
            .orElseThrow(() -> new IllegalStateException("resource " + STYLE + " is missing"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource " + STYLE, e);
    }
  }

  private static String contender(Contender contender) {
    return Html.escape("version " + contender.version() + ", " + contender.digest())
        + " ("
        + contender.classes().size()
        + " classes)";
  }

  private void header() {
    Verdict.Images images = verdict.images();
    page.append("<h1>Version ")
        .append(Html.escape(verdict.candidate().version()))
        .append("</h1>\n");
    page.append(
        "<p class=\"soft\">"
            + Html.escape(
                verdict.basis().substring(0, 1).toUpperCase(Locale.ROOT)
                    + verdict.basis().substring(1))
            + ". No model learned these images: "
            + Html.whole(images.regression())
            + " of the regression set, "
            + Html.whole(images.fresh())
            + " new.</p>\n");
    List<Finding> reasons = verdict.reasons();
    StringBuilder text = new StringBuilder();
    text.append("<div class=\"verdict")
        .append(verdict.blessed() ? "" : " no")
        .append("\"><strong>")
        .append(verdict.blessed() ? "Blessed" : "Not blessed")
        .append("</strong>");
    if (verdict.blessed()) {
      text.append(
          count(Status.WARNED) > 0
              ? "<p>Nothing was proven to be beyond its limit.</p>"
              : "<p>Everything that was judged is within its limits.</p>");
    } else {
      text.append("<ul>");
      items(text, reasons);
      text.append("</ul>");
    }
    List<Finding> warnings = verdict.warnings();
    if (!warnings.isEmpty()) {
      text.append("<p>Not in the way, but worth knowing:</p><ul class=\"warn\">");
      items(text, warnings);
      text.append("</ul>");
    }
    long open = count(Status.NOT_JUDGED);
    if (open > 0) {
      text.append("<p class=\"soft\">")
          .append(open)
          .append(" could not be judged: too few images. They are named at the end.</p>");
    }
    page.append(text.append("</div>\n"));
  }

  private static void items(StringBuilder text, List<Finding> findings) {
    findings.forEach(f -> text.append("<li>").append(Html.escape(f.text())).append("</li>"));
  }

  private long count(Status status) {
    return verdict.findings().stream().filter(f -> f.status() == status).count();
  }

  private void metrics() {
    StringBuilder text = new StringBuilder();
    for (SliceScores slice : verdict.slices()) {
      if (WIDE.contains(slice.slice())) {
        text.append("<h3>")
            .append(
                switch (slice.slice()) {
                  case "all" -> "All images";
                  case "set=new" -> "New images";
                  default -> "Regression set";
                })
            .append(" <span class=\"soft\">")
            .append(Html.whole(slice.images()))
            .append("</span></h3>\n")
            .append(table(slice));
      }
    }
    text.append(
        "<p class=\"note\">Before and now on the images whose class the champion knows. Changes of"
            + " shares are in points; their intervals are of a paired bootstrap.</p>");
    section("Metrics", text.toString());
  }

  private static String table(SliceScores slice) {
    StringBuilder rows =
        new StringBuilder("<div class=\"scroll\"><table><tr><th>metric</th><th>before</th>")
            .append("<th>now</th><th>change</th><th class=\"wide\">interval</th></tr>\n");
    for (Metric metric : Metric.values()) {
      if (metric != Metric.RECALL) {
        slice.score(metric).ifPresent(score -> rows.append(row(metric, score)));
      }
    }
    return rows.append("</table></div>\n").toString();
  }

  private static String row(Metric metric, Score score) {
    return "<tr><td>"
        + metric.spelled().replace('-', ' ')
        + "</td><td>"
        + value(metric, score.before())
        + "</td><td>"
        + value(metric, OptionalDouble.of(score.after().orElse(score.value())))
        + "</td><td>"
        + change(metric, score)
        + "</td><td class=\"wide soft\">"
        + score
            .difference()
            .map(i -> difference(metric, i.low()) + " to " + difference(metric, i.high()))
            .orElse("")
        + "</td></tr>\n";
  }

  private static String value(Metric metric, OptionalDouble value) {
    if (value.isEmpty()) {
      return "";
    }
    return metric == Metric.LOG_LOSS
        ? Phrases.number(value.getAsDouble())
        : Html.percent(value.getAsDouble());
  }

  private static String change(Metric metric, Score score) {
    if (score.before().isEmpty() || score.after().isEmpty()) {
      return "";
    }
    double change = score.after().getAsDouble() - score.before().getAsDouble();
    boolean better = change > 0 == (metric.better() == Direction.HIGHER);
    String tone = change == 0 ? "" : better ? " class=\"good\"" : " class=\"bad\"";
    return "<span" + tone + ">" + difference(metric, change) + "</span>";
  }

  private static String difference(Metric metric, double change) {
    return metric == Metric.LOG_LOSS
        ? (change > 0 ? "+" : "") + Phrases.number(change)
        : Html.points(change);
  }

  private void classes() {
    List<SliceScores> rows =
        verdict.slices().stream()
            .filter(slice -> slice.values().keySet().equals(Set.of(Scored.CLASS)))
            .sorted(Comparator.comparingDouble(Card::accuracyChange))
            .toList();
    String before =
        verdict.champion().isPresent() ? "<span class=\"key before\"></span>before " : "";
    section(
        "Recall of every class",
        "<p class=\"note\">The greatest loss first."
            + before
            + "<span class=\"key after\"></span>now</p>\n"
            + folded(rows, "classes", slice -> slice.values().getOrDefault(Scored.CLASS, "")));
  }

  private void slices() {
    List<SliceScores> rows =
        verdict.slices().stream()
            .filter(slice -> !WIDE.contains(slice.slice()))
            .filter(slice -> !slice.values().keySet().equals(Set.of(Scored.CLASS)))
            .sorted(Comparator.comparingDouble(Card::accuracyChange))
            .toList();
    String unlisted =
        verdict.unlisted().isEmpty()
            ? ""
            : "<p class=\"note\">Too many values for rows of their own: "
                + Html.escape(String.join(", ", verdict.unlisted()))
                + ".</p>";
    if (!rows.isEmpty() || !unlisted.isEmpty()) {
      section(
          "Accuracy of slices",
          (rows.isEmpty() ? "" : folded(rows, "slices", SliceScores::slice)) + unlisted);
    }
  }

  /** How much better a slice is now; what has no baseline comes last. */
  private static double accuracyChange(SliceScores slice) {
    return slice
        .score(Metric.ACCURACY)
        .filter(score -> score.before().isPresent() && score.after().isPresent())
        .map(score -> score.after().getAsDouble() - score.before().getAsDouble())
        .orElse(Double.POSITIVE_INFINITY);
  }

  private interface Name {
    String of(SliceScores slice);
  }

  private static String folded(List<SliceScores> rows, String what, Name name) {
    int shown = Math.min(MOST_CLASSES, rows.size());
    String first = bars(rows.subList(0, shown), name);
    return shown == rows.size()
        ? first
        : first
            + "<details><summary>"
            + (rows.size() - shown)
            + " more "
            + what
            + "</summary>"
            + bars(rows.subList(shown, rows.size()), name)
            + "</details>";
  }

  private static String bars(List<SliceScores> rows, Name name) {
    StringBuilder table =
        new StringBuilder(
                "<div class=\"scroll\"><table><tr><th></th><th class=\"wide\">images</th>")
            .append("<th class=\"bars\"></th><th>before</th><th>now</th><th>change</th></tr>\n");
    for (SliceScores slice : rows) {
      slice
          .score(Metric.ACCURACY)
          .ifPresent(
              score -> {
                double now = score.after().orElse(score.value());
                table
                    .append("<tr><td>")
                    .append(Html.escape(name.of(slice)))
                    .append("</td><td class=\"wide soft\">")
                    .append(Html.whole(slice.images()))
                    .append("</td><td class=\"bars\">")
                    .append(
                        score.before().isPresent()
                            ? bar("before", score.before().getAsDouble())
                            : "")
                    .append(bar("after", now))
                    .append("</td><td>")
                    .append(
                        score.before().isPresent() ? value(Metric.ACCURACY, score.before()) : "new")
                    .append("</td><td>")
                    .append(Html.percent(now))
                    .append("</td><td>")
                    .append(change(Metric.ACCURACY, score))
                    .append("</td></tr>\n");
              });
    }
    return table.append("</table></div>\n").toString();
  }

  private static String bar(String kind, double share) {
    return "<div class=\"bar\"><i class=\""
        + kind
        + "\" style=\"width:"
        + Html.percent(share)
        + "\"></i></div>";
  }

  private void changed(Thumbnails thumbnails) {
    if (verdict.champion().isEmpty()) {
      return;
    }
    Flips flips = verdict.flips();
    section(
        "Images that changed sides",
        side("Right before, wrong now", flips.negative(), flips.worst(), thumbnails)
            + side("Wrong before, right now", flips.positive(), flips.best(), thumbnails));
  }

  private static String side(String title, int all, List<Flip> shown, Thumbnails thumbnails) {
    StringBuilder text = new StringBuilder("<h3>");
    text.append(title)
        .append(" <span class=\"soft\">")
        .append(Html.whole(all))
        .append("</span></h3>\n");
    if (all == 0) {
      return text.append("<p class=\"note\">None.</p>\n").toString();
    }
    text.append("<div class=\"thumbs\">\n");
    for (Flip flip : shown) {
      text.append("<figure>")
          .append(
              thumbnails
                  .dataUri(flip.image())
                  .map(uri -> "<img alt=\"" + Html.escape(flip.truth()) + "\" src=\"" + uri + "\">")
                  .orElse("<div class=\"none\">no picture</div>"))
          .append("<figcaption><b>")
          .append(Html.escape(flip.truth()))
          .append("</b><br>")
          .append(answer(flip.before()))
          .append(" &rarr; ")
          .append(answer(flip.after()))
          .append("</figcaption></figure>\n");
    }
    text.append("</div>\n");
    if (shown.size() < all) {
      text.append("<p class=\"note\">")
          .append(Html.whole(all - shown.size()))
          .append(" more are not shown.</p>\n");
    }
    return text.toString();
  }

  private static String answer(Answer answer) {
    return Html.escape(answer.label()) + " " + Math.round(100 * answer.confidence()) + "%";
  }

  private void findings() {
    StringBuilder text = new StringBuilder();
    list(text, Status.FAILED, "Not good enough", true);
    list(text, Status.WARNED, "Perhaps not good enough", true);
    list(text, Status.NOT_JUDGED, "Not judged", count(Status.NOT_JUDGED) <= 10);
    list(text, Status.PASSED, "Good", false);
    list(text, Status.IGNORED, "Nothing to compare with", false);
    section("Everything that was looked at", text.toString());
  }

  private void list(StringBuilder text, Status status, String title, boolean open) {
    List<Finding> some = verdict.findings().stream().filter(f -> f.status() == status).toList();
    if (some.isEmpty()) {
      return;
    }
    text.append("<details")
        .append(open ? " open" : "")
        .append("><summary>")
        .append(title)
        .append(": ")
        .append(some.size())
        .append("</summary><table>\n");
    some.forEach(
        f ->
            text.append("<tr><td class=\"text\">")
                .append(Html.escape(f.text()))
                .append("</td></tr>\n"));
    text.append("</table></details>\n");
  }
}
