package dev.accrete.cl.data;

import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds the kinds of data that there are. */
public final class DataProviders {
  private DataProviders() {}

  /**
   * All that the thread's context class loader knows, by name.
   *
   * @throws AccreteException if two share a name, or one cannot be loaded
   */
  public static List<DataProvider> all() {
    SortedMap<String, DataProvider> found = new TreeMap<>();
    try {
      for (DataProvider provider : ServiceLoader.load(DataProvider.class)) {
        DataProvider other = found.put(provider.name(), provider);
        if (other != null) {
          throw new AccreteException(
              "both "
                  + other.getClass().getName()
                  + " and "
                  + provider.getClass().getName()
                  + " provide data named '"
                  + provider.name()
                  + "'; take one of them off the class path");
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new AccreteException("a provider of data cannot be loaded: " + e.getMessage(), e);
    }
    return List.copyOf(found.values());
  }

  /**
   * The provider of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those that there are
   */
  public static DataProvider named(String name) {
    for (DataProvider provider : all()) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    throw new IllegalArgumentException("unknown data '" + name + "'; expected " + usages());
  }

  /** What can be written, in one line: {@code core50:DIR, idx:DIR, ... or sim}. */
  public static String usages() {
    List<String> usages = all().stream().map(DataProvider::usage).toList();
    if (usages.size() < 2) {
      return String.join("", usages);
    }
    int last = usages.size() - 1;
    return usages.subList(0, last).stream().collect(Collectors.joining(", "))
        + " or "
        + usages.get(last);
  }
}
