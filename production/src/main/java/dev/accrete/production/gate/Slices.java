package dev.accrete.production.gate;

import dev.accrete.production.policy.Nearest;
import dev.accrete.production.policy.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the images that a policy speaks of. */
final class Slices {
  private static final Set<String> PARTS =
      Arrays.stream(Scored.Part.values()).map(Scored.Part::toString).collect(Collectors.toSet());

  private final List<Map<String, String>> features = new ArrayList<>();
  private final SortedMap<String, SortedSet<String>> values = new TreeMap<>();

  Slices(Trial trial) {
    values.put(Scored.SET, new TreeSet<>(PARTS)); // a part without images is known all the same
    for (Scored image : trial.images()) {
      Map<String, String> own = new TreeMap<>(image.features());
      own.put(Scored.CLASS, image.truth());
      own.put(Scored.SET, image.part().toString());
      own.forEach((name, value) -> values.computeIfAbsent(name, n -> new TreeSet<>()).add(value));
      features.add(own);
    }
  }

  /** The features that images have, and the values of each. */
  SortedMap<String, SortedSet<String>> values() {
    return Collections.unmodifiableSortedMap(values);
  }

  /** All images. */
  Slice all() {
    return Slice.of(Map.of(), IntStream.range(0, features.size()).toArray());
  }

  /**
   * The slices that a selector stands for, in the order of their values: one, or one for each value
   * that occurs. If there is no image, but could be one, a single slice without images.
   */
  List<Slice> of(Selector selector) {
    Map<Map<String, String>, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < features.size(); i++) {
      Map<String, String> own = features.get(i);
      Map<String, String> shared = new LinkedHashMap<>();
      selector
          .values()
          .forEach(
              (name, value) -> {
                String found = own.get(name);
                if (found != null && (value.equals(Selector.EACH) || value.equals(found))) {
                  shared.put(name, found);
                }
              });
      if (shared.size() == selector.values().size()) {
        groups.computeIfAbsent(shared, s -> new ArrayList<>()).add(i);
      }
    }
    if (groups.isEmpty()) {
      return List.of(new Slice(selector.toString(), selector.values(), new int[0]));
    }
    return groups.entrySet().stream()
        .map(e -> Slice.of(e.getKey(), e.getValue().stream().mapToInt(i -> i).toArray()))
        .sorted(Comparator.comparing(Slice::name))
        .toList();
  }

  /** Why a selector can match no image, if so. */
  Optional<String> mismatch(Selector selector) {
    for (Map.Entry<String, String> wanted : selector.values().entrySet()) {
      String name = wanted.getKey();
      SortedSet<String> known = values.get(name);
      if (known == null) {
        return Optional.of(
            "no image has a " + name + ", only " + String.join(", ", values.keySet()));
      }
      if (!wanted.getValue().equals(Selector.EACH) && !known.contains(wanted.getValue())) {
        return Optional.of(
            "no image has "
                + one(name, wanted.getValue())
                + "; did you mean "
                + Nearest.to(wanted.getValue(), known).stream()
                    .map(value -> one(name, value))
                    .collect(Collectors.joining(" or "))
                + "?");
      }
    }
    boolean mayBeEmpty = selector.values().isEmpty() || selector.values().containsKey(Scored.SET);
    return !mayBeEmpty && of(selector).getFirst().size() == 0
        ? Optional.of("images have each of these, but none has all")
        : Optional.empty();
  }

  private static String one(String name, String value) {
    return Selector.name(Map.of(name, value));
  }
}
