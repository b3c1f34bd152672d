package dev.accrete.cl.run.report;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.metrics.ConfusionMatrix;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A confusion matrix as SVG: rows are true classes, the darker the more answers of the row. Beyond
 * {@value #MOST_CELLS} classes a cell stands for several, so that the picture stays small and its
 * cells visible.
 */
final class ConfusionPicture {
  private static final int SIDE = 600;
  private static final int MARGIN = 26;
  private static final int MOST_NAMED = 20;
  private static final int NAME_MARGIN = 110;
  private static final int GUIDES = 10;
  private static final int MOST_CELLS = 100;

  private ConfusionPicture() {}

  /** How many neighbouring classes share a row and a column of the picture. */
  static int classesOfCell(int classes) {
    return Math.ceilDiv(classes, MOST_CELLS);
  }

  static String svg(ConfusionMatrix matrix, List<String> names) {
    int binned = classesOfCell(matrix.classes());
    int classes = Math.ceilDiv(matrix.classes(), binned);
    boolean named = matrix.classes() <= MOST_NAMED;
    int margin = named ? NAME_MARGIN : MARGIN;
    double cell = (double) (SIDE - margin) / classes;
    StringBuilder svg =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "<svg class=\"matrix\" viewBox=\"0 0 %d %d\" role=\"img\""
                    + " aria-label=\"confusion matrix\">",
                SIDE,
                SIDE));
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"frame\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>",
            margin,
            SIDE - margin,
            SIDE - margin));
    guides(svg, classes, margin, cell);
    cells(svg, shrunk(matrix, binned), labels(names, matrix.classes(), binned), margin, cell);
    if (named) {
      names(svg, names, margin, cell);
    } else {
      svg.append("<text x=\"6\" y=\"20\" transform=\"rotate(-90 6 20)\" text-anchor=\"end\"")
          .append(" dy=\"8\">true class</text>")
          .append("<text x=\"" + SIDE + "\" y=\"" + (SIDE - 8) + "\" text-anchor=\"end\">")
          .append("predicted class</text>");
    }
    return svg.append("</svg>\n").toString();
  }

  private static void guides(StringBuilder svg, int classes, int margin, double cell) {
    int step = Math.max(1, classes / GUIDES);
    for (int c = step; c < classes; c += step) {
      double at = margin + c * cell;
      svg.append(
          String.format(
              Locale.ROOT,
              "<path class=\"grid\" d=\"M%.1f 0V%dM%d %.1fH%d\"/>",
              at,
              SIDE - margin,
              margin,
              at - margin,
              SIDE));
    }
  }

  private static ConfusionMatrix shrunk(ConfusionMatrix matrix, int binned) {
    if (binned == 1) {
      return matrix;
    }
    ConfusionMatrix small = new ConfusionMatrix(Math.ceilDiv(matrix.classes(), binned));
    matrix.cells().forEach(c -> small.add(c.label() / binned, c.predicted() / binned, c.count()));
    return small;
  }

  private static List<String> labels(List<String> names, int classes, int binned) {
    return IntStream.range(0, Math.ceilDiv(classes, binned))
        .mapToObj(
            bin -> {
              String first = names.get(bin * binned);
              String last = names.get(Math.min((bin + 1) * binned, classes) - 1);
              return Html.escape(binned == 1 ? first : first + " to " + last);
            })
        .toList();
  }

  private static void cells(
      StringBuilder svg, ConfusionMatrix matrix, List<String> labels, int margin, double cell) {
    for (ConfusionMatrix.Cell answers : matrix.cells()) {
      long support = matrix.support(answers.label());
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"heat\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
                  + " opacity=\"%.2f\"><title>%s taken for %s: %d of %d</title></rect>",
              margin + answers.predicted() * cell,
              answers.label() * cell,
              cell,
              cell,
              0.08 + 0.92 * answers.count() / support,
              labels.get(answers.label()),
              labels.get(answers.predicted()),
              answers.count(),
              support));
    }
  }

  private static void names(StringBuilder svg, List<String> names, int margin, double cell) {
    for (int c = 0; c < names.size(); c++) {
      String name = Html.escape(names.get(c));
      double middle = (c + 0.5) * cell;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              margin - 6,
              middle + 4,
              name));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text transform=\"translate(%.1f %d) rotate(-90)\" text-anchor=\"end\">%s</text>",
              margin + middle + 4,
              SIDE - margin + 6,
              name));
    }
  }
}
