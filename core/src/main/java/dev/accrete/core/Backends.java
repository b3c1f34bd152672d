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

  /** The {@linkplain #notices(String) notices} of {@link #AUTO}. */
  public static List<String> notices() {
    return notices(AUTO);
  }

  /**
   * What users of the backend of this name should know, for callers who tell people themselves: why
   * it can never be fast here; for {@link #AUTO} also why it does not stand for a better one, a
   * line for each that one would expect.
   */
  public static List<String> notices(String name) {
    return notices(name, providers()).peek(TOLD::add).toList();
  }

  private static Stream<String> notices(String name, List<BackendProvider> providers) {
    Stream<BackendProvider> concerned =
        name.equals(AUTO)
            ? providers.stream().limit(unavailable(providers) + 1)
            : providers.stream()
                .filter(provider -> provider.answersTo(name) && provider.probe().available());
    return concerned.flatMap(provider -> provider.notice().stream());
  }

  /** How many come before the first that can run. */
  private static long unavailable(List<BackendProvider> providers) {
    return providers.stream().takeWhile(provider -> !provider.probe().available()).count();
  }

  /**
   * Makes the backend of this name, or the best available one for {@link #AUTO}. What keeps it from
   * being fast, or a better one from running here, is logged as a warning, once, unless the caller
   * asked for {@link #notices(String)} before.
   *
   * @throws AccreteException if there is no such backend or it cannot run here, saying why
   */
  public static Backend create(String name, BackendOptions options) {
    List<BackendProvider> providers = providers();
    notices(name, providers)
        .filter(TOLD::add)
        .forEach(notice -> System.getLogger(Backends.class.getName()).log(Level.WARNING, notice));
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
