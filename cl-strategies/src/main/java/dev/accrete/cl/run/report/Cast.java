package dev.accrete.cl.run.report;

import dev.accrete.cl.run.StrategyInfo;
import dev.accrete.cl.run.StrategyInfo.Role;
import java.util.ArrayList;
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
  private final Map<String, Look> looks = new HashMap<>();

  /**
   * The strategies of a page.
   *
   * @param names those that ran
   * @param known what is known of strategies by name; the others appear under their names. Of two
   *     with one colour the second has one that is left, as long as there are any
   */
  Cast(Collection<String> names, Map<String, StrategyInfo> known) {
    order = List.copyOf(names);
    List<StrategyInfo> second = new ArrayList<>();
    for (String name : names) {
      StrategyInfo info =
          known.getOrDefault(name, new StrategyInfo(name, name, 0, Role.LEARNER, UNKNOWN_LEAD));
      members.put(name, info);
      if (known.containsKey(name) && !isTaken(Look.of(info).colour())) {
        looks.put(name, Look.of(info));
      } else {
        second.add(info);
      }
    }
    second.forEach(info -> looks.put(info.name(), new Look(info.label(), freeColour())));
  }

  private boolean isTaken(int colour) {
    return looks.values().stream().anyMatch(look -> look.colour() == colour);
  }

  private int freeColour() {
    return IntStream.range(0, Look.PALETTE)
        .filter(colour -> !isTaken(colour))
        .findFirst()
        .orElse(looks.size() % Look.PALETTE);
  }

  Look look(String name) {
    return Objects.requireNonNull(looks.get(name), name);
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
