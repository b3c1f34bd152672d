package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Whether two runs of one configuration did the same, time aside. */
public final class RunComparison {
  private RunComparison() {}

  /**
   * What differs in {@code batches.csv} (without its seconds) or in the final states; empty if
   * nothing does.
   *
   * @throws AccreteException if a folder holds no run or cannot be read
   */
  public static List<String> differences(Path first, Path second) {
    List<String> differences = new ArrayList<>();
    try (RunDirectory a = RunDirectory.read(first);
        RunDirectory b = RunDirectory.read(second)) {
      List<String> linesA = lines(a);
      List<String> linesB = lines(b);
      if (linesA.size() != linesB.size()) {
        differences.add("batches.csv: " + linesA.size() + " and " + linesB.size() + " lines");
      }
      for (int i = 0; i < Math.min(linesA.size(), linesB.size()); i++) {
        if (!linesA.get(i).equals(linesB.get(i))) {
          differences.add(
              "batches.csv, line " + (i + 1) + ": " + linesA.get(i) + " and " + linesB.get(i));
        }
      }
      TreeSet<String> strategies = new TreeSet<>(a.config().strategies());
      strategies.addAll(b.config().strategies());
      for (String strategy : strategies) {
        String digestA = digest(a, strategy);
        String digestB = digest(b, strategy);
        if (!digestA.equals(digestB)) {
          differences.add("state of " + strategy + ": " + digestA + " and " + digestB);
        }
      }
    }
    return differences;
  }

  private static List<String> lines(RunDirectory directory) {
    try {
      return BatchesCsv.withoutTiming(Files.readString(directory.batches())).lines().toList();
    } catch (IOException e) {
      throw new AccreteException(
          "cannot read " + directory.batches() + ": " + e.getMessage() + "; finish the run first",
          e);
    }
  }

  private static String digest(RunDirectory directory, String strategy) {
    return directory
        .checkpoint(strategy)
        .map(c -> c.ledger().stateDigest() + " after " + c.ledger().next())
        .orElse("none");
  }
}
