package dev.accrete.production.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that somebody may have meant. */
public final class Nearest {
  private static final int SHOWN = 3;

  private Nearest() {}

  /** At most three of {@code names}, the fewest edits away first; the first is always given. */
  public static List<String> to(String name, Collection<String> names) {
    int within = Math.max(2, name.length() / 3);
    List<String> sorted =
        names.stream()
            .distinct()
            .sorted(
                Comparator.<String>comparingInt(known -> edits(name, known))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(SHOWN)
            .toList();
    return sorted.stream()
        .filter(known -> known.equals(sorted.getFirst()) || edits(name, known) <= within)
        .toList();
  }

  /** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
  static int edits(String from, String to) {
    int[] before = new int[to.length() + 1];
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above[j], row[j - 1]) + 1, above[j - 1] + change);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = above;
      above = row;
    }
    return above[to.length()];
  }
}
