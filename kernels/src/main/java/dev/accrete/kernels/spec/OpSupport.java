package dev.accrete.kernels.spec;

import dev.accrete.core.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /** The support of every op, in alphabetical order; of each pointwise function by itself. */
  public static List<Support> all(Backend backend) {
    SortedMap<String, List<OpSpec.Case>> byName =
        OpSpecs.cases()
            .collect(Collectors.groupingBy(c -> c.op().name(), TreeMap::new, Collectors.toList()));
    return byName.entrySet().stream().map(op -> of(op.getKey(), op.getValue(), backend)).toList();
  }

  private static Support of(String op, List<OpSpec.Case> cases, Backend backend) {
    long supported = cases.stream().filter(c -> backend.supports(c.op(), c.inputTypes())).count();
    return new Support(op, backend.name(), (int) supported, cases.size());
  }

  /** A Markdown table: a row for each op in alphabetical order, a column for each backend. */
  public static String markdown(List<Backend> backends) {
    List<String> lines = new ArrayList<>();
    lines.add(row("op", backends.stream().map(Backend::name).toList()));
    lines.add(row("---", backends.stream().map(backend -> "---").toList()));
    List<List<Support>> columns = backends.stream().map(OpSupport::all).toList();
    List<String> names = OpSpecs.cases().map(c -> c.op().name()).distinct().sorted().toList();
    for (int i = 0; i < names.size(); i++) {
      int op = i;
      lines.add(row(names.get(i), columns.stream().map(c -> c.get(op).summary()).toList()));
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(String first, List<String> others) {
    return "| " + first + " | " + String.join(" | ", others) + " |";
  }
}
