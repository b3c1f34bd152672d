package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scenario names. */
public final class Scenarios {
  private Scenarios() {}

  /** The accepted forms, for help texts. */
  public static String forms() {
    return providers().map(ScenarioProvider::forms).collect(Collectors.joining(", "));
  }

  /**
   * Reads a scenario name, one of {@link #forms}.
   *
   * @throws IllegalArgumentException if it is none of them or a number is too small
   */
  public static ScenarioSpec parse(String name) {
    return providers()
        .map(provider -> provider.parse(name))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("unknown scenario '" + name + "': use " + forms()));
  }

  private static Stream<ScenarioProvider> providers() {
    return ServiceLoader.load(ScenarioProvider.class).stream().map(ServiceLoader.Provider::get);
  }

  /** One batch for each list of images, in order. */
  static List<Batch> batches(List<int[]> images, IntUnaryOperator label) {
    List<Batch> batches = new ArrayList<>();
    for (int[] batch : images) {
      batches.add(Batch.of(batches.size(), batch, label));
    }
    return batches;
  }

  /** The images of each class of {@code set}, in the order of the set; some may be empty. */
  static List<int[]> imagesByClass(ImageSet set) {
    int[] counts = new int[set.classNames().size()];
    for (int i = 0; i < set.size(); i++) {
      counts[set.label(i)]++;
    }
    List<int[]> byClass = Arrays.stream(counts).mapToObj(int[]::new).toList();
    for (int i = set.size() - 1; i >= 0; i--) {
      int label = set.label(i);
      byClass.get(label)[--counts[label]] = i;
    }
    return byClass;
  }
}
