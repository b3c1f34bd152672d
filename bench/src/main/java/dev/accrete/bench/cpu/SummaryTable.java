package dev.accrete.bench.cpu;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/** The report in a terminal. */
final class SummaryTable {
  private final PrintWriter console;

  SummaryTable(PrintWriter console) {
    this.console = console;
  }

  void print(CpuReport report) {
    console.printf(
        Locale.ROOT,
        "%n%-52s %10s %10s %6s %8s %6s %8s %8s%n",
        "case",
        "ours ms",
        "peer ms",
        "ratio",
        "GFLOP/s",
        "limit",
        "MiB",
        "peer MiB");
    for (CpuCase one : report.cases()) {
      Optional<CpuCase.Peer> peer = one.peer();
      console.printf(
          Locale.ROOT,
          "%-52s %10s %10s %6s %8s %6s %8s %8s%n",
          one.name(),
          number("%.2f", one.oursMs()),
          number("%.2f", peer.map(CpuCase.Peer::millis).orElse(0.0)),
          number("%.2f", peer.map(CpuCase.Peer::ratio).orElse(0.0)),
          number("%.1f", one.gflops()),
          number("%.0f%%", 100 * one.limitShare()),
          number("%.0f", one.oursPeakMib()),
          number("%.0f", peer.map(CpuCase.Peer::peakMib).orElse(0.0)));
    }
    report
        .limits()
        .forEach(
            (threads, gflops) ->
                console.printf(
                    Locale.ROOT,
                    "limit: %.0f GFLOP/s of multiply-adds in registers on %d thread%s%n",
                    gflops,
                    threads,
                    threads == 1 ? "" : "s"));
    report.notes().forEach(note -> console.println("note: " + note));
  }

  /** Nothing where 0 means that it is not known. */
  private static String number(String format, double value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, format, value);
  }
}
