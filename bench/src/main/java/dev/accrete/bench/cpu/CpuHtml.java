package dev.accrete.bench.cpu;

import dev.accrete.bench.work.Machine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The report as a page of its own: no scripts, no other files. */
final class CpuHtml {
  /** The ratio at which a bar is full. */
  private static final double FULL_RATIO = 4;

  /** Below this a ratio counts as a loss; between it and 1 as a tie. */
  private static final double TIE = 0.95;

  private record Section(String prefix, String title) {}

  private static final List<Section> SECTIONS =
      List.of(
          new Section("train-", "Training steps"),
          new Section("infer-", "Inference"),
          new Section("update-", "Update with one batch of a stream"),
          new Section("op-", "Ops alone"));

  private static final String STYLE =
      """
      body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff;
             max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; margin-bottom: .2rem; }
      p { margin: .3rem 0; color: #444; }
      table { border-collapse: collapse; width: 100%; margin-top: 1.2rem; table-layout: fixed; }
      th:first-child { width: 25rem; } th:nth-child(4) { width: 12rem; }
      th:nth-child(6) { width: 8rem; } th:nth-child(7) { width: 6.5rem; }
      th:last-child { width: 11rem; }
      caption { text-align: left; font-weight: 600; padding: .8rem 0 .3rem; }
      th { font-weight: 500; color: #666; font-size: .85rem; }
      th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #e6e6e6;
               font-variant-numeric: tabular-nums; white-space: nowrap; }
      th:first-child, td:first-child, .text { text-align: left; }
      td.text { color: #555; font-size: .85rem; white-space: normal; }
      .bar { display: inline-block; position: relative; width: 8rem; height: .7rem;
             background: #f0f0f0; vertical-align: middle; margin-left: .5rem; }
      .bar i { position: absolute; left: 0; top: 0; bottom: 0; }
      .bar b { position: absolute; top: -.15rem; bottom: -.15rem; width: 1px; background: #555; }
      .win { background: #3a9d6c; } .tie { background: #d8b23c; } .loss { background: #cf5c4c; }
      .share { background: #7a9cc6; }
      .share-bar { width: 4rem; }
      li { margin: .2rem 0; white-space: pre-line; }
      """;

  private final StringBuilder page = new StringBuilder();

  private CpuHtml() {}

  /** The page. */
  static String of(CpuReport report) {
    CpuHtml html = new CpuHtml();
    html.head(report);
    for (Section section : SECTIONS) {
      html.table(
          section.title(),
          report.cases().stream().filter(c -> c.name().startsWith(section.prefix())).toList());
    }
    html.notes(report.notes());
    html.page.append("</body>\n</html>\n");
    return html.page.toString();
  }

  private void head(CpuReport report) {
    Machine machine = report.machine();
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
        .append("<title>Accrete on the CPU</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>Accrete on the CPU, next to others</h1>\n");
    paragraph(
        machine.processor()
            + ", "
            + machine.processors()
            + " processors, "
            + machine.system()
            + ", "
            + machine.java());
    paragraph(
        "Suite "
            + report.suite()
            + ", "
            + report.rounds()
            + (report.rounds() == 1 ? " round" : " rounds")
            + " of two processes whose runs alternate; medians over rounds. A ratio is the peer's"
            + " time over ours: above 1 (the line in the bar) we are faster.");
    report
        .limits()
        .forEach(
            (threads, gflops) ->
                paragraph(
                    String.format(
                        Locale.ROOT,
                        "Limit: %.0f GFLOP/s of multiply-adds in registers on %d thread%s.",
                        gflops,
                        threads,
                        threads == 1 ? "" : "s")));
  }

  private void paragraph(String text) {
    page.append("<p>").append(escape(text)).append("</p>\n");
  }

  private void table(String title, List<CpuCase> cases) {
    if (cases.isEmpty()) {
      return;
    }
    page.append("<table>\n<caption>").append(escape(title)).append("</caption>\n<tr>");
    for (String column :
        List.of("case", "ours, ms", "peer, ms", "ratio", "GFLOP/s", "of the limit", "peak MiB")) {
      page.append("<th>").append(column).append("</th>");
    }
    page.append("<th class=\"text\">peer</th></tr>\n");
    cases.forEach(this::row);
    page.append("</table>\n");
  }

  private void row(CpuCase one) {
    Optional<CpuCase.Peer> peer = one.peer();
    page.append("<tr>");
    cell(escape(one.name()));
    cell(String.format(Locale.ROOT, "%.2f", one.oursMs()));
    cell(peer.map(p -> String.format(Locale.ROOT, "%.2f", p.millis())).orElse(""));
    cell(peer.map(CpuHtml::ratio).orElse(""));
    cell(one.gflops() > 0 ? String.format(Locale.ROOT, "%.1f", one.gflops()) : "");
    cell(one.limitShare() > 0 ? share(one.limitShare()) : "");
    cell(
        String.format(Locale.ROOT, "%.0f", one.oursPeakMib())
            + peer.map(p -> String.format(Locale.ROOT, " : %.0f", p.peakMib())).orElse(""));
    page.append("<td class=\"text\">")
        .append(escape(peer.map(CpuCase.Peer::name).orElse("none")))
        .append("</td></tr>\n");
  }

  private void cell(String content) {
    page.append("<td>").append(content).append("</td>");
  }

  private static String ratio(CpuCase.Peer peer) {
    String kind = peer.ratio() >= 1 ? "win" : peer.ratio() >= TIE ? "tie" : "loss";
    String spread =
        String.format(
            Locale.ROOT,
            "rounds: %s",
            peer.ratios().stream()
                .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                .collect(Collectors.joining(", ")));
    return String.format(
        Locale.ROOT,
        "%.2f <span class=\"bar\" title=\"%s\"><i class=\"%s\" style=\"width:%.1f%%\"></i>"
            + "<b style=\"left:%.1f%%\"></b></span>",
        peer.ratio(),
        escape(spread),
        kind,
        100 * Math.min(1, peer.ratio() / FULL_RATIO),
        100 / FULL_RATIO);
  }

  private static String share(double share) {
    return String.format(
        Locale.ROOT,
        "%.0f%% <span class=\"bar share-bar\"><i class=\"share\""
            + " style=\"width:%.1f%%\"></i></span>",
        100 * share,
        100 * Math.min(1, share));
  }

  private void notes(List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    page.append("<h2>Notes</h2>\n<ul>\n");
    notes.forEach(note -> page.append("<li>").append(escape(note)).append("</li>\n"));
    page.append("</ul>\n");
  }

  /** Text as HTML, also within a quoted attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
