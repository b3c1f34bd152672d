package dev.accrete.spark;

import dev.accrete.cl.run.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every combination of strategies, orders of the stream, seeds and settings, as a run each.
 *
 * @param common what all runs have in common
 * @param strategies a run each
 * @param orders of the scenario, 0 and up
 * @param seeds for everything random
 * @param settings values of a setting of the strategies to try, by its name
 */
public record Grid(
    RunConfig common,
    List<String> strategies,
    List<Integer> orders,
    List<Long> seeds,
    Map<String, List<String>> settings) {
  /** Copies what may change. */
  public Grid {
    strategies = List.copyOf(strategies);
    orders = List.copyOf(orders);
    seeds = List.copyOf(seeds);
    settings = new TreeMap<>(settings);
  }

  /**
   * The runs by the names of their folders.
   *
   * @throws IllegalArgumentException naming a setting that is not allowed
   */
  public Map<String, RunConfig> runs() {
    Map<String, RunConfig> runs = new LinkedHashMap<>();
    for (String strategy : strategies) {
      for (Map.Entry<String, Map<String, String>> choice : choices().entrySet()) {
        for (int order : orders) {
          for (long seed : seeds) {
            runs.put(
                strategy + choice.getKey() + "-order" + order + "-seed" + seed,
                common.with(
                    Map.of(
                        "strategies",
                        List.of(strategy),
                        "run",
                        order,
                        "seed",
                        seed,
                        "hyper",
                        choice.getValue())));
          }
        }
      }
    }
    return runs;
  }

  /** Settings of each choice, by its part of a name. */
  private Map<String, Map<String, String>> choices() {
    Map<String, Map<String, String>> choices = new LinkedHashMap<>();
    choices.put("", common.hyper());
    for (Map.Entry<String, List<String>> setting : settings.entrySet()) {
      Map<String, Map<String, String>> more = new LinkedHashMap<>();
      for (Map.Entry<String, Map<String, String>> choice : choices.entrySet()) {
        for (String value : setting.getValue()) {
          Map<String, String> all = new TreeMap<>(choice.getValue());
          all.put(setting.getKey(), value);
          String name = choice.getKey() + "-" + setting.getKey() + "=" + value;
          more.put(name.replaceAll("[^\\w.=+-]", "_"), all);
        }
      }
      choices = more;
    }
    return choices;
  }
}
