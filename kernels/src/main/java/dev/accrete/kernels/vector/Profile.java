package dev.accrete.kernels.vector;

import dev.accrete.core.Graph;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the time of a plan goes, printed when it is closed if the system property {@code
 * accrete.profile} is {@code true}. With {@code accrete.profile.skip=n} the first n runs, which
 * warm up, do not count.
 */
final class Profile {
  static final boolean ON = Boolean.getBoolean("accrete.profile");
  private static final int LISTED = 40;

  private Profile() {}

  static void run(Instruction[] instructions) {
    for (Instruction instruction : instructions) {
      long start = System.nanoTime();
      instruction.run();
      long spent = System.nanoTime() - start;
      instruction.runs++;
      if (instruction.runs > Integer.getInteger("accrete.profile.skip", 0)) {
        instruction.nanos += spent;
      }
    }
  }

  static void print(Graph graph, List<Instruction> instructions, long runs) {
    long counted = Math.max(1, runs - Integer.getInteger("accrete.profile.skip", 0));
    double total = instructions.stream().mapToLong(i -> i.nanos).sum() / 1e6 / counted;
    System.err.printf(
        Locale.ROOT,
        "%nprofile of %d nodes, %d runs: %.2f ms a run%n",
        graph.nodes().size(),
        counted,
        total);
    Map<String, double[]> kinds = new TreeMap<>();
    for (Instruction instruction : instructions) {
      double[] sums = kinds.computeIfAbsent(instruction.kind, k -> new double[3]);
      sums[0] += instruction.nanos / 1e6 / counted;
      sums[1] += instruction.macs;
      sums[2]++;
    }
    kinds.entrySet().stream()
        .sorted(Comparator.comparingDouble(e -> -e.getValue()[0]))
        .forEach(e -> line(e.getKey() + " x " + (int) e.getValue()[2], e.getValue(), total));
    instructions.stream()
        .sorted(Comparator.comparingLong(i -> -i.nanos))
        .limit(LISTED)
        .forEach(
            i ->
                line(
                    "  " + i.kind + " " + i.detail,
                    new double[] {i.nanos / 1e6 / counted, i.macs},
                    total));
  }

  private static void line(String what, double[] sums, double total) {
    System.err.printf(
        Locale.ROOT,
        "%-72s %9.3f ms %5.1f%% %7.1f GFLOP/s%n",
        what,
        sums[0],
        100 * sums[0] / total,
        2 * sums[1] / (sums[0] * 1e6));
  }
}
