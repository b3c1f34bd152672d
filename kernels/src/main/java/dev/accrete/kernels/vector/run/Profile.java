package dev.accrete.kernels.vector.run;

import dev.accrete.core.Graph;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the time of a plan goes, printed when it is closed if the system property {@code
 * accrete.profile} is {@code true}. With {@code accrete.profile.skip=n} the first n runs, which
 * warm up, do not count. Beside the mean stands the fastest run: on a shared machine what disturbs
 * only adds.
 */
public final class Profile {
  /** Whether plans are to be profiled. */
  public static final boolean ON = Boolean.getBoolean("accrete.profile");

  private static final int LISTED = 40;

  private Profile() {}

  /** Runs instructions and notes the time of each. */
  public static void run(Instruction[] instructions) {
    for (Instruction instruction : instructions) {
      long start = System.nanoTime();
      instruction.run();
      long spent = System.nanoTime() - start;
      instruction.runs++;
      if (instruction.runs > Integer.getInteger("accrete.profile.skip", 0)) {
        instruction.nanos += spent;
        instruction.fastest = Math.min(instruction.fastest, spent);
      }
    }
  }

  /** Prints what was noted. */
  public static void print(Graph graph, List<Instruction> instructions, long runs) {
    long counted = Math.max(1, runs - Integer.getInteger("accrete.profile.skip", 0));
    double total = instructions.stream().mapToLong(i -> i.nanos).sum() / 1e6 / counted;
    double fastest = instructions.stream().mapToLong(i -> i.fastest).sum() / 1e6;
    System.err.printf(
        Locale.ROOT,
        "%nprofile of %d nodes, %d runs: %.2f ms a run, %.2f ms if every node had its fastest%n"
            + "%-72s %12s %6s %12s%n",
        graph.nodes().size(),
        counted,
        total,
        fastest,
        "",
        "mean",
        "share",
        "fastest");
    Map<String, double[]> kinds = new TreeMap<>();
    for (Instruction instruction : instructions) {
      double[] sums = kinds.computeIfAbsent(instruction.kind, k -> new double[4]);
      sums[0] += instruction.nanos / 1e6 / counted;
      sums[1] += instruction.fastest / 1e6;
      sums[2] += instruction.macs;
      sums[3]++;
    }
    kinds.entrySet().stream()
        .sorted(Comparator.comparingDouble(e -> -e.getValue()[0]))
        .forEach(e -> line(e.getKey() + " x " + (int) e.getValue()[3], e.getValue(), total));
    instructions.stream()
        .sorted(Comparator.comparingLong(i -> -i.nanos))
        .limit(LISTED)
        .forEach(
            i ->
                line(
                    "  " + i.kind + " " + i.detail,
                    new double[] {i.nanos / 1e6 / counted, i.fastest / 1e6, i.macs},
                    total));
  }

  private static void line(String what, double[] sums, double total) {
    System.err.printf(
        Locale.ROOT,
        "%-72s %9.3f ms %5.1f%% %9.3f ms %7.1f GFLOP/s%n",
        what,
        sums[0],
        100 * sums[0] / total,
        sums[1],
        2 * sums[2] / (sums[1] * 1e6));
  }
}
