package dev.accrete.bench;

import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.Operand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The benchmark shapes of the specs of all ops, by a name short enough for a table. */
final class OpCases {
  private static final Map<String, OpSpec.Case> BY_NAME = new LinkedHashMap<>();

  static {
    for (OpSpec spec : OpSpecs.all()) {
      for (OpSpec.Case one : spec.benchmarks()) {
        String name = name(one);
        if (BY_NAME.containsKey(name)) {
          name += "#" + BY_NAME.size();
        }
        BY_NAME.put(name, one);
      }
    }
  }

  private OpCases() {}

  /** The names of all cases. */
  static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * The case of this name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  static OpSpec.Case get(String name) {
    OpSpec.Case found = BY_NAME.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no benchmark case is named '" + name + "'; there are " + BY_NAME.keySet());
    }
    return found;
  }

  /** Op and operand shapes, for example {@code Conv2d:32x3x128x128:32x3x3x3}. */
  private static String name(OpSpec.Case one) {
    return one.operands().stream()
        .map(Operand::type)
        .map(type -> ":" + type.shape())
        .collect(Collectors.joining("", one.op().name(), ""));
  }
}
