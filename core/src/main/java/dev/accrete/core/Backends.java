package dev.accrete.core;

import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the backends on the class path. */
public final class Backends {
  /** The name that stands for the best backend available. */
  public static final String AUTO = "auto";

  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

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
   * Why {@link #AUTO} does not stand for a better backend here, a line for each that one would
   * expect: for callers who tell people themselves.
   */
  public static List<String> notices() {
    return notices(providers()).peek(TOLD::add).toList();
  }

  private static Stream<String> notices(List<BackendProvider> providers) {
    return providers.stream()
        .takeWhile(provider -> !provider.probe().available())
        .flatMap(provider -> provider.notice().stream());
  }

  /**
   * Makes the backend of this name, or the best available one for {@link #AUTO}. What keeps a
   * better one from running here is logged as a warning, once, unless the caller asked for {@link
   * #notices} before.
   *
   * @throws AccreteException if there is no such backend or it cannot run here, saying why
   */
  public static Backend create(String name, BackendOptions options) {
    List<BackendProvider> providers = providers();
    if (name.equals(AUTO)) {
      notices(providers)
          .filter(TOLD::add)
          .forEach(notice -> System.getLogger(Backends.class.getName()).log(Level.WARNING, notice));
    }
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
