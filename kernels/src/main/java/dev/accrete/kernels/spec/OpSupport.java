package dev.accrete.kernels.spec;

import dev.accrete.core.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which backend executes which op, as far as the specs' cases show. */
public final class OpSupport {
  private OpSupport() {}

  /** One op on one backend: how many of the spec's cases it supports. */
  public record Support(String op, String backend, int supported, int cases) {
    /** {@code yes}, {@code no}, or for example {@code 5 of 7}. */
    public String summary() {
      if (supported == 0) {
        return "no";
      }
      return supported == cases ? "yes" : supported + " of " + cases;
    }
  }

  /** The support of one op. */
  public static Support of(OpSpec spec, Backend backend) {
    long supported =
        spec.cases().stream().filter(c -> backend.supports(c.op(), c.inputTypes())).count();
    return new Support(spec.name(), backend.name(), (int) supported, spec.cases().size());
  }

  /** A Markdown table: a row for each op in alphabetical order, a column for each backend. */
  public static String markdown(List<Backend> backends) {
    List<String> lines = new ArrayList<>();
    lines.add(row("op", backends.stream().map(Backend::name).toList()));
    lines.add(row("---", backends.stream().map(backend -> "---").toList()));
    OpSpecs.all().stream()
        .sorted(java.util.Comparator.comparing(OpSpec::name))
        .forEach(
            spec ->
                lines.add(
                    row(spec.name(), backends.stream().map(b -> of(spec, b).summary()).toList())));
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(String first, List<String> others) {
    return "| " + first + " | " + String.join(" | ", others) + " |";
  }
}
