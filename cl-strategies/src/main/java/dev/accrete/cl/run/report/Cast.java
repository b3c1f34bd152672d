package dev.accrete.cl.run.report;

import dev.accrete.cl.run.StrategyInfo;
import dev.accrete.cl.run.StrategyInfo.Role;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** The strategies of a run: how each appears, and what it stands for. */
final class Cast {
  private static final int UNKNOWN_LEAD = 50; // as of a provider that does not say

  private final List<String> order;
  private final Map<String, StrategyInfo> members = new HashMap<>();

  /**
   * The strategies of a page.
   *
   * @param names those that ran
   * @param known what is known of strategies by name; the others appear under their names, in
   *     colours that are left
   */
  Cast(Collection<String> names, Map<String, StrategyInfo> known) {
    order = List.copyOf(names);
    names.forEach(name -> Optional.ofNullable(known.get(name)).ifPresent(this::add));
    for (String name : names) {
      if (!known.containsKey(name)) {
        add(new StrategyInfo(name, name, freeColour(), Role.LEARNER, UNKNOWN_LEAD));
      }
    }
  }

  private void add(StrategyInfo info) {
    members.put(info.name(), info);
  }

  private int freeColour() {
    return IntStream.range(0, Look.PALETTE)
        .filter(c -> members.values().stream().noneMatch(m -> Look.of(m).colour() == c))
        .findFirst()
        .orElse(members.size() % Look.PALETTE);
  }

  Look look(String name) {
    return Look.of(member(name));
  }

  boolean is(String name, Role role) {
    return member(name).role() == role;
  }

  private StrategyInfo member(String name) {
    return Objects.requireNonNull(members.get(name), name);
  }

  /** The first that stands for something, if any does. */
  Optional<String> first(Role role) {
    return order.stream().filter(name -> is(name, role)).findFirst();
  }

  /** The strategy that the page is about. */
  String lead() {
    return order.stream().min(Comparator.comparingInt(name -> member(name).lead())).orElseThrow();
  }
}
