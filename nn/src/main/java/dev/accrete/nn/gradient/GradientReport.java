package dev.accrete.nn.gradient;

import dev.accrete.core.Value;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The outcome of a gradient check.
 *
 * @param checked elements compared
 * @param skipped elements where the function has a kink within the step, or a value that is not
 *     finite
 * @param mismatches elements whose gradients disagree
 */
public record GradientReport(int checked, int skipped, List<Mismatch> mismatches) {
  private static final double LARGEST_SKIPPED_SHARE = 0.25;
  private static final int SHOWN = 10;

  public GradientReport {
    mismatches = List.copyOf(mismatches);
  }

  /** An element whose gradients disagree. */
  public record Mismatch(Value of, int index, double analytic, double numeric, double allowed) {
    @Override
    public String toString() {
      return of
          + "["
          + index
          + "]: analytic "
          + analytic
          + ", numeric "
          + numeric
          + ", allowed to differ by "
          + allowed;
    }
  }

  /** Whether no element disagrees, and most elements could be compared. */
  public boolean passed() {
    return mismatches.isEmpty()
        && checked > 0
        && skipped <= LARGEST_SKIPPED_SHARE * (checked + skipped);
  }

  @Override
  public String toString() {
    return checked
        + " elements checked, "
        + skipped
        + " skipped, "
        + mismatches.size()
        + " disagree"
        + mismatches.stream().limit(SHOWN).map(m -> "\n  " + m).collect(Collectors.joining());
  }
}
