package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The strategies that can be found on the class path, or in the plug-ins of the thread. */
public final class Strategies {
  private static final char OWNER = ':';

  private Strategies() {}

  /**
   * All providers, by name: those of this library first.
   *
   * @throws AccreteException if one cannot be loaded, or two have the same name
   */
  @SuppressWarnings("rawtypes") // what ServiceLoader gives for a generic service
  public static Map<String, StrategyProvider<?>> providers() {
    Map<String, StrategyProvider<?>> byName = new LinkedHashMap<>();
    Iterator<ServiceLoader.Provider<StrategyProvider>> found =
        ServiceLoader.load(StrategyProvider.class).stream().iterator();
    while (true) {
      StrategyProvider<?> provider;
      try {
        if (!found.hasNext()) {
          break;
        }
        provider = found.next().get();
      } catch (ServiceConfigurationError e) {
        throw new AccreteException(
            "a strategy cannot be loaded: "
                + e.getMessage()
                + (e.getCause() == null ? "" : " (" + e.getCause() + ")"),
            e);
      }
      String name = name(provider);
      StrategyProvider<?> other = byName.putIfAbsent(name, provider);
      if (other != null) {
        throw new AccreteException(
            "two strategies are named "
                + name
                + ": "
                + other.getClass().getName()
                + " and "
                + provider.getClass().getName()
                + "; leave one of the jars out");
      }
    }
    return byName;
  }

  private static String name(StrategyProvider<?> provider) {
    String name = ConfiguredStrategy.guarded(provider, "tell its name", provider::name);
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new AccreteException(
          "the strategy of "
              + provider.getClass().getName()
              + " is named '"
              + name
              + "': use lower-case letters, digits and hyphens");
    }
    return name;
  }

  /** The names of all strategies. */
  public static List<String> names() {
    return List.copyOf(providers().keySet());
  }

  /**
   * The provider of a strategy.
   *
   * @throws AccreteException if there is none, naming those there are
   */
  public static StrategyProvider<?> provider(String name) {
    Map<String, StrategyProvider<?>> providers = providers();
    StrategyProvider<?> provider = providers.get(name);
    if (provider == null) {
      throw new AccreteException(
          "there is no strategy '"
              + name
              + "'; use one of "
              + String.join(", ", providers.keySet()));
    }
    return provider;
  }

  /**
   * A strategy with the settings of its provider.
   *
   * @param horizon how many experiences the stream is expected to have
   * @throws AccreteException if there is no such strategy
   */
  public static ConfiguredStrategy<?> configure(String name, int horizon) {
    return ConfiguredStrategy.of(provider(name), horizon);
  }

  /**
   * Several strategies with changed settings, all checked before any of them is made.
   *
   * @param horizon how many experiences the stream is expected to have
   * @param changes values by {@code setting}, for every strategy that has it, or by {@code
   *     strategy:setting}, which wins
   * @throws AccreteException naming an owner or a setting that is not there, and those there are,
   *     or a value that is not allowed
   */
  public static List<ConfiguredStrategy<?>> configure(
      List<String> names, int horizon, Map<String, String> changes) {
    List<ConfiguredStrategy<?>> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(configure(name, horizon));
    }
    requireOwners(names, chosen, changes);
    List<ConfiguredStrategy<?>> configured = new ArrayList<>();
    for (ConfiguredStrategy<?> strategy : chosen) {
      configured.add(strategy.with(changesFor(strategy, changes)));
    }
    return List.copyOf(configured);
  }

  /** The general settings that a strategy has, and then its own. */
  private static Map<String, String> changesFor(
      ConfiguredStrategy<?> strategy, Map<String, String> changes) {
    Map<String, String> result = new LinkedHashMap<>();
    changes.forEach(
        (key, value) -> {
          if (key.indexOf(OWNER) < 0 && strategy.schema().has(key)) {
            result.put(key, value);
          }
        });
    String prefix = strategy.name() + OWNER;
    changes.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            result.put(key.substring(prefix.length()), value);
          }
        });
    return result;
  }

  private static void requireOwners(
      List<String> names, List<ConfiguredStrategy<?>> chosen, Map<String, String> changes) {
    for (String key : changes.keySet()) {
      int colon = key.indexOf(OWNER);
      if (colon >= 0) {
        String owner = key.substring(0, colon);
        if (!names.contains(owner)) {
          throw new AccreteException(
              "setting '"
                  + key
                  + "' is for a strategy that does not run; these do: "
                  + String.join(", ", names));
        }
      } else if (chosen.stream().noneMatch(strategy -> strategy.schema().has(key))) {
        TreeSet<String> all = new TreeSet<>();
        chosen.forEach(strategy -> all.addAll(strategy.schema().names()));
        throw new AccreteException(
            "no strategy of "
                + String.join(", ", names)
                + " has a setting '"
                + key
                + "'; they have "
                + String.join(", ", all));
      }
    }
  }
}
