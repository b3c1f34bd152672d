package dev.accrete.bench.gpu;

import dev.accrete.bench.regression.RegressionReport;
import dev.accrete.bench.regression.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as one HTML page that needs nothing else. */
final class GpuPage {
  /** The family whose medians add up to a pass. */
  static final String PASS = "NICv2-391 pass";

  private static final int STRIP_WIDTH = 160;
  private static final int STRIP_HEIGHT = 18;
  private static final String STYLE =
      """
      body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:1180px;padding:0 1em;
      color:#1b1f24;background:#fff}
      h1{font-size:1.5em;margin-bottom:.2em}h2{font-size:1.05em;margin:1.6em 0 .3em}
      table{border-collapse:collapse;width:100%}
      th,td{padding:.25em .6em;text-align:right;border-bottom:1px solid #e4e7eb;
      font-variant-numeric:tabular-nums}
      th:first-child,td:first-child{text-align:left;overflow-wrap:anywhere;width:30%}
      td:nth-child(n+2):nth-child(-n+7){white-space:nowrap}.family{padding-top:1.1em;color:#1b1f24}
      th{color:#59636e;font-weight:600}.bar{display:inline-block;width:90px;height:9px;
      background:#e4e7eb;vertical-align:middle;margin-left:.5em}.bar i{display:block;height:9px;
      background:#2f6fde}.arithmetic i{background:#8250df}.slower,.failed{color:#b42318;
      font-weight:600}.faster{color:#1a7f37;font-weight:600}.ambiguous{color:#9a6700}
      .facts{color:#59636e}circle{fill:#2f6fde;fill-opacity:.45}
      """;

  private final GpuReport report;
  private final Peers peers;
  private final StringBuilder html = new StringBuilder();

  GpuPage(GpuReport report, Peers peers) {
    this.report = report;
    this.peers = peers;
  }

  /** How a verdict is written. */
  static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  /** The page. */
  String html() {
    html.setLength(0);
    html.append("<!doctype html><html lang=en><meta charset=utf-8><title>Accrete on ")
        .append(escape(report.device().name()))
        .append("</title><style>")
        .append(STYLE)
        .append("</style>");
    head();
    Map<String, List<GpuReport.Case>> families = new LinkedHashMap<>();
    report.cases().stream()
        .filter(one -> !one.isVendor() || one.failure().isEmpty())
        .forEach(one -> families.computeIfAbsent(one.family(), f -> new ArrayList<>()).add(one));
    html.append("<table><tr><th>case<th>ms<th>±<th>GB/s<th>TFLOP/s<th>share<th>samples")
        .append("<th>against baseline<th>peer over ours</tr>");
    families.forEach(this::family);
    html.append("</table>");
    lists();
    return html.append("</html>\n").toString();
  }

  private void head() {
    html.append("<h1>Accrete on ").append(escape(report.device().name())).append("</h1>");
    html.append(
        String.format(
            Locale.ROOT,
            "<p class=facts>%s, revision %s. Compute capability %s, %d multiprocessors, L2 %.0f"
                + " MiB, memory %.0f GiB, driver %s (CUDA %s), %s.<br>Measured here: copies within"
                + " the memory at %.0f GB/s, multiply-adds at %.1f TFLOP/s, by tensor cores"
                + " (mma.sync) at %.1f in TF32 and %.1f in bf16; bars show the share of the nearer"
                + " of the two limits (blue: memory, violet: arithmetic), counting only what must"
                + " be moved and computed. Dots are samples from 0 to the slowest.</p>",
            escape(report.date()),
            escape(report.revision()),
            escape(report.device().capability()),
            report.device().multiprocessors(),
            report.device().l2Bytes() / 0x1p20,
            report.device().memoryBytes() / 0x1p30,
            escape(report.driver().isEmpty() ? "unknown" : report.driver()),
            escape(report.device().driverCuda()),
            escape(report.machine().processor()),
            report.roofline().copyGigabytes(),
            report.roofline().fmaTeraflops(),
            report.roofline().tf32Teraflops(),
            report.roofline().bf16Teraflops()));
    if (report.size() == GpuCases.Size.QUICK) {
      html.append("<p class=failed>A rehearsal on tiny shapes: no figure here means anything.</p>");
    }
    report
        .notes()
        .forEach(note -> html.append("<p class=facts>Note: ").append(escape(note)).append("</p>"));
  }

  private void family(String name, List<GpuReport.Case> cases) {
    html.append("<tr><th class=family colspan=9>").append(escape(name)).append("</tr>");
    cases.forEach(this::row);
    if (name.equals(PASS)) {
      for (GpuReport.Case one : cases) {
        html.append(
            String.format(
                Locale.ROOT,
                "<tr><td colspan=9>A pass of %d experiences takes %.2f s of device time.</tr>",
                PassCase.EXPERIENCES,
                PassCase.EXPERIENCES * one.medianMs() / 1e3));
      }
    }
  }

  private void row(GpuReport.Case one) {
    html.append("<tr><td title=\"").append(escape(one.checked())).append("\">");
    html.append(escape(one.name()));
    if (one.failure().isPresent()) {
      html.append("<td colspan=8 class=failed>")
          .append(escape(one.failure().get()))
          .append("</tr>");
      return;
    }
    Answer.Measured any = one.processes().getFirst();
    html.append(
        String.format(
            Locale.ROOT,
            "<td>%.4f<td>%.4f<td>%s<td>%s<td>%s<td>%s<td>%s<td>%s</tr>",
            one.medianMs(),
            one.deviationMs(),
            rate(any.bytes() / one.medianMs() / 1e6),
            rate(any.operations() / one.medianMs() / 1e9),
            bar(one),
            strip(one.samples()),
            report.judgement(one.name()).map(GpuPage::verdict).orElse("–"),
            escape(peers.beside(report, one))));
  }

  private static String rate(double value) {
    return value == 0 ? "–" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }

  private static String bar(GpuReport.Case one) {
    return one.limit().isEmpty()
        ? "–"
        : String.format(
            Locale.ROOT,
            "%.0f%%<span class=\"bar %s\"><i style=\"width:%.0f%%\"></i></span>",
            100 * one.share(),
            one.limit(),
            Math.min(100, 100 * one.share()));
  }

  private static String strip(List<Double> samples) {
    double most = samples.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    svg.append("<svg width=").append(STRIP_WIDTH).append(" height=").append(STRIP_HEIGHT);
    svg.append("><line x1=0 x2=160 y1=9 y2=9 stroke=#d0d7de />");
    for (double sample : samples) {
      svg.append(
          String.format(
              Locale.ROOT, "<circle cx=%.1f cy=9 r=3 />", 3 + (STRIP_WIDTH - 6) * sample / most));
    }
    return svg.append("</svg>").toString();
  }

  private static String verdict(RegressionReport.Case judged) {
    return String.format(
        Locale.ROOT,
        "<span class=%s title=\"95%% between %.3f and %.3f, deviation %.3f\">%s %.3f</span>%s",
        word(judged.verdict()),
        judged.low(),
        judged.high(),
        judged.deviation(),
        word(judged.verdict()),
        judged.ratio(),
        judged.repeated() ? " (measured twice)" : "");
  }

  private void lists() {
    report.vendorsMissing().forEach(why -> html.append("<p>").append(escape(why)).append("</p>"));
    if (!report.removed().isEmpty()) {
      html.append("<h2>In the baseline, not measured</h2><p>");
      html.append(escape(String.join(", ", report.removed()))).append("</p>");
    }
    if (!report.added().isEmpty()) {
      html.append("<h2>Not in the baseline</h2><p>");
      html.append(escape(String.join(", ", report.added()))).append("</p>");
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
