package dev.accrete.bench.gpu;

import dev.accrete.bench.regression.Verdict;
import java.io.PrintWriter;
import java.util.Locale;

/** What a report says, for a console. */
final class GpuSummary {
  private final GpuReport report;
  private final Peers peers;

  GpuSummary(GpuReport report, Peers peers) {
    this.report = report;
    this.peers = peers;
  }

  void print(PrintWriter console) {
    console.printf(
        Locale.ROOT,
        "%n%s, driver %s, %s%ncopy %.0f GB/s, multiply-add %.1f TFLOP/s, tensor cores by mma.sync"
            + " %.1f in TF32 and %.1f in bf16%s%n%n",
        report.device().name(),
        report.driver().isEmpty() ? "unknown" : report.driver(),
        report.revision(),
        report.roofline().copyGigabytes(),
        report.roofline().fmaTeraflops(),
        report.roofline().tf32Teraflops(),
        report.roofline().bf16Teraflops(),
        report.size() == GpuCases.Size.QUICK ? "; a rehearsal: no figure means anything" : "");
    console.printf(
        Locale.ROOT,
        "%-72s %10s %6s %-10s %-10s %s%n",
        "case",
        "ms",
        "share",
        "of",
        "verdict",
        "peer");
    report.cases().stream()
        .filter(one -> !one.isVendor() || one.failure().isEmpty())
        .forEach(one -> row(console, one));
    report.vendorsMissing().forEach(console::println);
    report.cases().stream()
        .filter(one -> one.family().equals(GpuPage.PASS))
        .filter(one -> one.medianMs() > 0)
        .forEach(
            one ->
                console.printf(
                    Locale.ROOT,
                    "a pass of %d experiences takes %.2f s of device time%n",
                    PassCase.EXPERIENCES,
                    PassCase.EXPERIENCES * one.medianMs() / 1e3));
    if (!report.removed().isEmpty()) {
      console.println("not measured, but in the baseline: " + report.removed());
    }
    if (!report.added().isEmpty()) {
      console.println("not in the baseline: " + report.added());
    }
    long slower = report.judged().stream().filter(j -> j.verdict() == Verdict.SLOWER).count();
    long wrong =
        report.cases().stream().filter(c -> !c.isVendor() && c.failure().isPresent()).count();
    console.printf(
        Locale.ROOT,
        "%d cases, %d judged, %d slower, %d failed%n",
        report.cases().size(),
        report.judged().size(),
        slower,
        wrong);
    report.notes().forEach(note -> console.println("note: " + note));
  }

  private void row(PrintWriter console, GpuReport.Case one) {
    if (one.failure().isPresent()) {
      console.printf(Locale.ROOT, "%-72s FAILED: %s%n", one.name(), one.failure().get());
      return;
    }
    String verdict =
        report
            .judgement(one.name())
            .map(j -> String.format(Locale.ROOT, "%s %.2f", GpuPage.word(j.verdict()), j.ratio()))
            .orElse("-");
    console.printf(
        Locale.ROOT,
        "%-72s %10.4f %5.0f%% %-10s %-10s %s%n",
        one.name(),
        one.medianMs(),
        100 * one.share(),
        one.limit(),
        verdict,
        peers.beside(report, one));
  }
}
