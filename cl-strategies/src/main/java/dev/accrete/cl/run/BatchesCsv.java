package dev.accrete.cl.run;

import dev.accrete.cl.strategy.Cost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The text of {@code batches.csv}: a row for each strategy and experience.
 *
 * <p>Experiences are counted from 1. Every column but {@code seconds} is the same whenever the run
 * is repeated or resumed. The seconds of an experience are those of the pass that a checkpoint
 * recorded.
 */
public final class BatchesCsv {
  private static final List<String> BEFORE_GROUPS =
      List.of("strategy", "experience", "images", "classes", "classesSeen", "accuracy");
  private static final List<String> AFTER_GROUPS =
      List.of("macs", "seconds", "peakBytes", "imagePasses", "imagesHeld", "epochs");
  private static final String TIMING = "seconds";

  private BatchesCsv() {}

  /** The first line, without line end; one accuracy column for each group of the test set. */
  public static String header(List<String> groups) {
    List<String> columns = new ArrayList<>(BEFORE_GROUPS);
    groups.forEach(group -> columns.add("accuracy_" + group.replaceAll("[^A-Za-z0-9]+", "_")));
    columns.addAll(AFTER_GROUPS);
    return String.join(",", columns);
  }

  /** The line of one row, without line end; accuracies not measured are empty. */
  public static String line(LedgerRow row, int groups) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                row.strategy(),
                Integer.toString(row.experience() + 1),
                Integer.toString(row.images()),
                Integer.toString(row.classes()),
                Integer.toString(row.classesSeen()),
                fraction(row.accuracy())));
    for (int g = 0; g < groups; g++) {
      cells.add(g < row.groupAccuracy().size() ? fraction(row.groupAccuracy().get(g)) : "");
    }
    Cost cost = row.cost();
    cells.add(Long.toString(cost.macs()));
    cells.add(String.format(Locale.ROOT, "%.4f", cost.seconds()));
    cells.add(Long.toString(cost.peakBytes()));
    cells.add(Integer.toString(cost.imagesSeen()));
    cells.add(Integer.toString(cost.imagesHeld()));
    cells.add(Integer.toString(cost.epochs()));
    return String.join(",", cells);
  }

  /** The whole file. */
  public static String text(List<String> groups, List<LedgerRow> rows) {
    return rows.stream()
        .map(row -> line(row, groups.size()))
        .collect(Collectors.joining("\n", header(groups) + "\n", rows.isEmpty() ? "" : "\n"));
  }

  /**
   * The text without its timing column: what two runs of one configuration have in common, byte for
   * byte.
   */
  public static String withoutTiming(String csv) {
    List<String> lines = csv.lines().toList();
    if (lines.isEmpty()) {
      return "";
    }
    int timing = Arrays.asList(lines.getFirst().split(",", -1)).indexOf(TIMING);
    return lines.stream()
        .map(line -> without(line.split(",", -1), timing))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String without(String[] cells, int column) {
    List<String> kept = new ArrayList<>(Arrays.asList(cells));
    if (column >= 0 && column < kept.size()) {
      kept.remove(column);
    }
    return String.join(",", kept);
  }

  private static String fraction(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
  }
}
