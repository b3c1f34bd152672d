package dev.accrete.cl.run.report;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.Page;
import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.cl.metrics.PublishedCurve;
import dev.accrete.cl.run.Ledger;
import dev.accrete.cl.run.Mistake;
import dev.accrete.cl.run.RetrainCosts;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.run.StrategyInfo;
import dev.accrete.cl.run.Summary;
import dev.accrete.cl.run.Summary.Retraining;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page that shows a run: charts as SVG, pictures as data, nothing fetched from anywhere. */
public final class Report {
  private static final int SHEET_CLASSES = 10;
  private static final int LEARNED_ROWS = 8;
  private static final int TESTED_ROWS = 3;

  private static final int MISTAKES = 8;

  private final RunConfig config;
  private final RunInputs inputs;
  private final List<Ledger> ledgers;
  private final Summary summary;
  private final Cast cast;
  private final StringBuilder html = new StringBuilder();

  private Report(
      RunConfig config,
      RunInputs inputs,
      List<Ledger> ledgers,
      Summary summary,
      Map<String, StrategyInfo> strategies) {
    this.config = config;
    this.inputs = inputs;
    this.ledgers = ledgers;
    this.summary = summary;
    this.cast = new Cast(ledgers.stream().map(Ledger::strategy).toList(), strategies);
  }

  /**
   * The whole page.
   *
   * @param strategies what is known of strategies, by name; others appear under their names
   */
  public static String html(
      RunConfig config,
      RunInputs inputs,
      List<Ledger> ledgers,
      Summary summary,
      Map<String, StrategyInfo> strategies) {
    return new Report(config, inputs, ledgers, summary, strategies).page();
  }

  private String page() {
    String title = summary.scenario() + ", run " + summary.run() + ", " + data();
    header(title);
    strategies();
    bargain();
    accuracy();
    costs();
    accountings();
    confusion();
    samples();
    configuration();
    return Page.of(title, html.toString());
  }

  private String data() {
    return summary.data().equals("sim") ? "simulated CORe50" : summary.data();
  }

  private void header(String title) {
    int images = Arrays.stream(inputs.scenario().sizes()).sum();
    html.append("<h1>").append(Html.escape(title)).append("</h1>\n<p class=\"soft\">");
    html.append(
        String.format(
            Locale.ROOT,
            "%,d images in %,d experiences, %d classes; tested on %,d images; %s at %d px, weights:"
                + " %s; %s",
            images,
            summary.experiences(),
            inputs.scenario().classes(),
            inputs.scenario().test().length,
            Html.escape(summary.model()),
            summary.imageSize(),
            Html.escape(summary.weights()),
            Html.escape(summary.device())));
    summary
        .skipped()
        .ifPresent(
            skipped ->
                html.append(
                    String.format(
                        Locale.ROOT,
                        "; left out because they cannot be decoded: %,d training and %,d test"
                            + " images",
                        skipped.train(),
                        skipped.test())));
    html.append("</p>\n<p class=\"verdict\">").append(Verdict.html(summary, cast)).append("</p>\n");
  }

  private void strategies() {
    section("What was kept, and what it cost", Tables.strategies(summary, groups(), cast));
  }

  private void bargain() {
    String sampled =
        summary
            .retraining()
            .filter(Summary.Retraining::sampled)
            .map(
                retraining ->
                    "<p class=\"note\">Re-training ran at experience "
                        + join(retraining.cumulativeAt())
                        + " only; at every one it would stand far to the right.</p>")
            .orElse("");
    section("What is had for what it costs", charts().bargain(summary) + sampled);
  }

  private void accuracy() {
    String published =
        ledgers.stream()
            .map(Ledger::strategy)
            .flatMap(name -> PublishedCurve.find(summary.scenario(), name).stream())
            .findFirst()
            .map(
                curve ->
                    String.format(
                        Locale.ROOT,
                        "<p class=\"note\">Published for %s on the real CORe50 (MobileNetV1 1.0,"
                            + " 128 px, pre-trained on ImageNet, %d runs): %s final.</p>",
                        Html.escape(cast.look(curve.strategy()).name()),
                        curve.runs(),
                        Html.percent(curve.finalMean())))
            .orElse("");
    section("Accuracy along the stream", charts().accuracy() + published);
  }

  private void costs() {
    html.append("<div class=\"pair\">\n");
    section("Computation of each experience", charts().compute() + retrainingNote());
    section(
        "Memory of each experience",
        charts().memory()
            + "<p class=\"note\">Most bytes held at"
            + " a time: weights and state, compiled plans, training images.</p>");
    html.append("</div>\n");
  }

  private String retrainingNote() {
    return summary
        .retraining()
        .map(
            retraining ->
                "<p class=\"note\">Multiply-accumulates. " + measuredAt(retraining) + "</p>")
        .orElse("<p class=\"note\">Multiply-accumulates.</p>");
  }

  private static String measuredAt(Retraining retraining) {
    StringBuilder text = new StringBuilder("Re-training follows the rule of 4 epochs rising to 50");
    if (retraining.sampled()) {
      text.append("; it was run at experiences ")
          .append(join(retraining.cumulativeAt()))
          .append(" and interpolated between them");
    }
    if (retraining.capped()) {
      text.append("; there it ran for ")
          .append(join(retraining.epochs()))
          .append(" epochs where the rule asks for ")
          .append(join(retraining.ruleEpochs()))
          .append(", and its cost was multiplied up");
    }
    return text.append('.').toString();
  }

  private void accountings() {
    html.append("<div class=\"pair\">\n");
    section(
        "Saved, counted as published",
        Tables.seed(summary, cast)
            + "<p class=\"note\">Against re-training at every experience: computation counted in"
            + " epochs (4 rising to 50), memory in training images held. Each saving is a fraction"
            + " of what re-training needs at the last experience.</p>");
    section("Saved, as measured", measured());
    html.append("</div>\n");
  }

  private String measured() {
    return summary
        .retraining()
        .map(
            retraining ->
                Tables.measured(summary, cast)
                    + "<p class=\"note\">"
                    + measuredAt(retraining)
                    + " Over the whole stream sums are compared, for memory the highest peaks.</p>")
        .orElse("<p class=\"note\">Not known: re-training was not part of this run.</p>");
  }

  private void confusion() {
    String lead = cast.lead();
    for (Ledger ledger : ledgers) {
      if (ledger.strategy().equals(lead)) {
        section(
            "Answers of " + cast.look(lead).name() + " after the last experience",
            "<div class=\"beside\">"
                + picture(ledger)
                + "<div><p class=\"note\">Rows are true classes, columns answers; the diagonal is"
                + " right. "
                + binned(ledger)
                + "Point at a cell for its numbers.</p>"
                + mistakes(ledger)
                + others(lead)
                + "</div></div>");
      }
    }
  }

  private static String binned(Ledger ledger) {
    int classes = ledger.confusion().map(ConfusionMatrix::classes).orElse(0);
    int binned = ConfusionPicture.classesOfCell(classes);
    return binned > 1 ? "A cell stands for " + binned + " neighbouring classes each way. " : "";
  }

  private String others(String lead) {
    StringBuilder others = new StringBuilder();
    for (Ledger ledger : ledgers) {
      if (!ledger.strategy().equals(lead)) {
        others
            .append("<details><summary>")
            .append(Html.escape(cast.look(ledger.strategy()).name()))
            .append("</summary>")
            .append(picture(ledger))
            .append("</details>\n");
      }
    }
    return others.toString();
  }

  private String mistakes(Ledger ledger) {
    StringBuilder list = new StringBuilder();
    for (Mistake mistake :
        ledger.confusion().map(m -> Mistake.commonest(m, MISTAKES)).orElse(List.of())) {
      list.append("<li>")
          .append(Html.escape(mistake.describe(inputs.test().classNames())))
          .append("</li>");
    }
    return list.isEmpty() ? "" : "<h3>Commonest mistakes</h3><ol>" + list + "</ol>";
  }

  private String picture(Ledger ledger) {
    return ledger
        .confusion()
        .map(matrix -> ConfusionPicture.svg(matrix, inputs.test().classNames()))
        .orElse("");
  }

  private void samples() {
    List<Integer> classes = ContactSheet.classes(inputs.train(), SHEET_CLASSES);
    StringBuilder names =
        new StringBuilder(
            "<div class=\"sheet\" style=\"grid-template-columns:repeat("
                + classes.size()
                + ",1fr)\">");
    classes.forEach(
        c ->
            names
                .append("<span>")
                .append(Html.escape(inputs.train().classNames().get(c).replace('_', ' ')))
                .append("</span>"));
    names.append("</div>\n");
    section(
        "The images",
        names
            + "<img alt=\"training images\" src=\""
            + ContactSheet.dataUri(inputs.train(), classes, LEARNED_ROWS)
            + "\">\n<p class=\"note\">Learned, above; tested, below.</p>\n"
            + "<img alt=\"test images\" src=\""
            + ContactSheet.dataUri(inputs.test(), classes, TESTED_ROWS)
            + "\">\n");
  }

  private void configuration() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("seed", Long.toString(summary.seed()));
    facts.put("backend", summary.device());
    facts.put("threads", Integer.toString(config.threads()));
    facts.put(
        "frames",
        "every "
            + config.framesEvery()
            + " learned, every "
            + config.testFramesEvery()
            + " tested");
    config.hyper().forEach(facts::put);
    summary.processPeakBytes().ifPresent(b -> facts.put("process peak", Html.bytes(b)));
    StringBuilder text = new StringBuilder("<pre>");
    text.append(Html.escape(config.commandLine())).append("</pre>\n<dl>");
    facts.forEach(
        (name, value) ->
            text.append("<dt>")
                .append(Html.escape(name))
                .append("</dt><dd>")
                .append(Html.escape(value))
                .append("</dd>"));
    section("Do it again", text.append("</dl>\n").toString());
  }

  private Charts charts() {
    int[] sizes = inputs.scenario().sizes();
    return new Charts(ledgers, sizes.length, RetrainCosts.of(ledgers, sizes), cast);
  }

  private List<String> groups() {
    return inputs.scenario().groups();
  }

  private void section(String title, String content) {
    html.append(Page.section(title, content));
  }

  private static String join(List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }
}
