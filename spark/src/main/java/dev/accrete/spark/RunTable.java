package dev.accrete.spark;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.Page;
import dev.accrete.nn.io.AtomicFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What many runs came to: {@code runs.csv} and {@code runs.html}. */
final class RunTable {
  private static final String HEADER =
      "run,strategy,order,seed,accuracy,average,tmac,seconds,state\n";

  private RunTable() {}

  static void write(Path folder, List<ManyRuns.Row> rows) {
    write(folder.resolve("runs.csv"), csv(rows));
    write(folder.resolve("runs.html"), Page.of("Runs", page(rows)));
  }

  private static void write(Path file, String text) {
    AtomicFiles.write(file, List.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String csv(List<ManyRuns.Row> rows) {
    return HEADER
        + rows.stream()
            .map(
                row ->
                    String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%d,%.4f,%.4f,%.4f,%.1f,%s\n",
                        quoted(row.run()),
                        row.strategy(),
                        row.order(),
                        row.seed(),
                        row.accuracy(),
                        row.average(),
                        row.tmac(),
                        row.seconds(),
                        row.state()))
            .collect(Collectors.joining());
  }

  private static String quoted(String text) {
    return text.matches("[\\w.+=-]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String page(List<ManyRuns.Row> rows) {
    return rows.stream()
        .map(
            row ->
                "<tr><td>"
                    + String.join(
                        "</td><td>",
                        Html.escape(row.run()),
                        Html.escape(row.strategy()),
                        Integer.toString(row.order()),
                        Long.toString(row.seed()),
                        Html.percent(row.accuracy()),
                        Html.percent(row.average()),
                        String.format(Locale.ROOT, "%.3f", row.tmac()),
                        Html.seconds(row.seconds()))
                    + "</td></tr>\n")
        .collect(
            Collectors.joining(
                "",
                "<h1>Runs</h1>\n<table>\n<tr><th>run</th><th>strategy</th><th>order</th>"
                    + "<th>seed</th><th>final accuracy</th><th>average</th><th>TMAC</th>"
                    + "<th>training</th></tr>\n",
                "</table>\n"));
  }
}
