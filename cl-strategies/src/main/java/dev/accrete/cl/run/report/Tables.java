package dev.accrete.cl.run.report;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.run.Summary;
import dev.accrete.cl.run.Summary.Measured;
import dev.accrete.cl.run.Summary.Result;
import dev.accrete.cl.run.Summary.Savings;
import dev.accrete.cl.run.Summary.StreamSaving;
import java.util.List;
import java.util.Locale;

/** The tables of the page. */
final class Tables {
  private Tables() {}

  static String strategies(Summary summary, List<String> groups, Cast cast) {
    boolean grouped = groups.size() > 1;
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><tr><th>strategy</th>");
    html.append("<th>final<br>accuracy</th>");
    if (grouped) {
      groups.forEach(
          group -> html.append("<th>").append(Html.escape(group)).append("<br>final</th>"));
    }
    html.append(
            "<th>average<br>accuracy</th><th>forgetting</th><th>worst<br>fall</th><th>MACs</th>")
        .append("<th>training<br>time</th><th>peak<br>memory</th></tr>\n");
    String lead = cast.lead();
    summary
        .strategies()
        .forEach(
            (name, result) -> {
              html.append(name.equals(lead) ? "<tr class=\"lead\">" : "<tr>");
              cell(html, cast.look(name).dot());
              cell(html, Html.percent(result.finalAccuracy()));
              if (grouped) {
                groups.forEach(group -> cell(html, groupAccuracy(result, group)));
              }
              cell(html, Html.percent(result.averageAccuracy()));
              cell(html, Html.percent(result.forgetting()));
              cell(html, Html.percent(result.worstFall()));
              cell(html, Html.count((double) result.trainMacs()));
              cell(html, Html.seconds(result.trainSeconds()));
              cell(html, Html.bytes((double) result.peakBytes()));
              html.append("</tr>\n");
            });
    return html.append("</table></div>\n").toString();
  }

  /** Savings counted as in the published claim. */
  static String seed(Summary summary, Cast cast) {
    StringBuilder html =
        new StringBuilder("<div class=\"scroll\"><table><tr><th>strategy</th>")
            .append("<th>compute<br>average</th><th>compute<br>last</th>")
            .append("<th>memory<br>average</th><th>memory<br>last</th></tr>\n");
    summary
        .strategies()
        .forEach(
            (name, result) ->
                result
                    .savings()
                    .ifPresent(
                        savings -> {
                          html.append("<tr>");
                          cell(html, cast.look(name).dot());
                          cell(html, Html.saving(savings.seed().compute().average()));
                          cell(html, Html.saving(savings.seed().compute().last()));
                          cell(html, Html.saving(savings.seed().memory().average()));
                          cell(html, Html.saving(savings.seed().memory().last()));
                          html.append("</tr>\n");
                        }));
    return html.append("</table></div>\n").toString();
  }

  /** Savings as measured; empty text if re-training was not run. */
  static String measured(Summary summary, Cast cast) {
    StringBuilder html =
        new StringBuilder("<div class=\"scroll\"><table><tr><th>strategy</th><th></th>")
            .append("<th>average</th><th>last</th><th>whole<br>stream</th></tr>\n");
    summary
        .strategies()
        .forEach(
            (name, result) ->
                result
                    .savings()
                    .flatMap(Savings::measured)
                    .ifPresent(measured -> measured(html, cast.look(name), measured)));
    return html.append("</table></div>\n").toString();
  }

  private static void measured(StringBuilder html, Look look, Measured measured) {
    row(html, look.dot(), "MACs", measured.compute());
    row(html, "", "seconds", measured.seconds());
    row(html, "", "peak bytes", measured.memory());
  }

  private static void row(StringBuilder html, String name, String what, StreamSaving saving) {
    html.append("<tr>");
    cell(html, name);
    cell(html, what);
    cell(html, Html.saving(saving.average()));
    cell(html, Html.saving(saving.last()));
    cell(html, Html.saving(saving.stream()));
    html.append("</tr>\n");
  }

  private static String groupAccuracy(Result result, String group) {
    Double accuracy = result.groupAccuracy().get(group);
    return accuracy == null ? "" : Html.percent(accuracy);
  }

  private static void cell(StringBuilder html, String content) {
    html.append(String.format(Locale.ROOT, "<td>%s</td>", content));
  }
}
