package dev.accrete.core;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds the backends on the class path. */
public final class Backends {
  /** The name that stands for the best backend available. */
  public static final String AUTO = "auto";

  private Backends() {}

  /** All providers, best first. */
  public static List<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(
            Comparator.comparingInt(BackendProvider::priority)
                .reversed()
                .thenComparing(BackendProvider::name))
        .toList();
  }

  /**
   * Makes the backend of this name, or the best available one for {@link #AUTO}.
   *
   * @throws AccreteException if there is no such backend or it cannot run here, saying why
   */
  public static Backend create(String name, BackendOptions options) {
    List<BackendProvider> providers = providers();
    for (BackendProvider provider : providers) {
      boolean chosen = name.equals(AUTO) ? provider.probe().available() : provider.answersTo(name);
      if (chosen) {
        return provider.create(options);
      }
    }
    throw new AccreteException(
        "no backend named '"
            + name
            + "' can run here; there are: "
            + providers.stream()
                .map(p -> p.name() + " (" + p.probe().detail() + ")")
                .collect(Collectors.joining(", "))
            + ". Use one of these names, or 'auto'.");
  }
}
