package dev.accrete.cl.cli;

import dev.accrete.cl.metrics.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The commonest mistakes, in words. */
final class Confusions {
  private static final int SHOWN = 5;

  private Confusions() {}

  private record Mistake(int label, int predicted, long count, long support) {}

  static List<String> worst(ConfusionMatrix matrix, List<String> names) {
    List<Mistake> mistakes = new ArrayList<>();
    for (int label = 0; label < matrix.classes(); label++) {
      for (int predicted = 0; predicted < matrix.classes(); predicted++) {
        long count = matrix.count(label, predicted);
        if (label != predicted && count > 0) {
          mistakes.add(new Mistake(label, predicted, count, matrix.support(label)));
        }
      }
    }
    return mistakes.stream()
        .sorted(Comparator.comparingLong(Mistake::count).reversed())
        .limit(SHOWN)
        .map(
            m ->
                String.format(
                    Locale.ROOT,
                    "%s taken for %s: %d of %d",
                    names.get(m.label),
                    names.get(m.predicted),
                    m.count,
                    m.support))
        .toList();
  }
}
