package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Schema;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Network;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A strategy's provider with settings for it, checked.
 *
 * @param provider makes it
 * @param settings what it will run with
 */
public record ConfiguredStrategy<S extends Record>(StrategyProvider<S> provider, S settings) {
  /**
   * Checks the settings.
   *
   * @throws dev.accrete.core.AccreteException if one is out of its range
   */
  public ConfiguredStrategy {
    Schema.of(settings).check(settings);
  }

  /** The provider's settings for a stream of some length. */
  static <S extends Record> ConfiguredStrategy<S> of(StrategyProvider<S> provider, int horizon) {
    S defaults = guarded(provider, "give its defaults", () -> provider.defaults(horizon));
    try {
      return new ConfiguredStrategy<>(provider, defaults);
    } catch (AccreteException | IllegalArgumentException e) {
      throw new AccreteException(
          "the defaults of strategy " + provider.name() + " are wrong: " + e.getMessage(), e);
    }
  }

  /** The name. */
  public String name() {
    return provider.name();
  }

  /** The declarations of its settings. */
  public Schema<S> schema() {
    return Schema.of(settings);
  }

  /**
   * The same with some settings replaced: all are read, then the whole is checked.
   *
   * @throws dev.accrete.core.AccreteException naming the strategy and the setting at fault
   */
  public ConfiguredStrategy<S> with(Map<String, String> changes) {
    try {
      return new ConfiguredStrategy<>(provider, schema().with(settings, changes));
    } catch (AccreteException e) {
      throw new AccreteException(name() + ": " + e.getMessage(), e);
    }
  }

  /** All settings by name. */
  public Map<String, String> toMap() {
    return schema().toMap(settings);
  }

  /**
   * Checks that the settings fit a network.
   *
   * @throws AccreteException naming the strategy and what does not fit
   */
  public void requireFit(Network network) {
    try {
      guarded(
          provider,
          "check its settings",
          () -> {
            provider.check(network, settings);
            return true;
          });
    } catch (IllegalArgumentException e) {
      throw new AccreteException(name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * A fresh strategy.
   *
   * @throws AccreteException if it cannot be made, naming the provider where the fault is its own
   */
  public Strategy create(StrategyContext context) {
    Strategy strategy;
    try {
      strategy = guarded(provider, "make a strategy", () -> provider.create(context, settings));
    } catch (IllegalArgumentException e) {
      throw new AccreteException(name() + ": " + e.getMessage(), e);
    }
    if (!strategy.name().equals(name())) {
      strategy.close();
      throw new AccreteException(
          "the provider of " + name() + " made a strategy named " + strategy.name());
    }
    return strategy;
  }

  /** What a provider answers; what it throws by mistake is said to be its own. */
  static <T> T guarded(
      StrategyProvider<?> provider, String what, Supplier<? extends @Nullable T> asked) {
    String who = "the strategy provider " + provider.getClass().getName() + " cannot " + what;
    try {
      @Nullable T answer = asked.get();
      if (answer == null) {
        throw new AccreteException(who + ": it gives null");
      }
      return answer;
    } catch (AccreteException | IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new AccreteException(who + ": " + e, e);
    }
  }

  /** See {@link StrategyProvider#keepsImages(Record, int)}. */
  public boolean keepsImages(int experiences) {
    return guarded(
        provider,
        "tell whether it keeps images",
        () -> provider.keepsImages(settings, experiences));
  }

  /** The setting that names experiences. */
  private String trainsAt() {
    return toMap().keySet().stream().filter(key -> key.endsWith(".at")).findFirst().orElse("...");
  }

  /** See {@link StrategyProvider#experiencesNamed}. */
  public List<Integer> experiencesNamed() {
    return guarded(
        provider, "name its experiences", () -> List.copyOf(provider.experiencesNamed(settings)));
  }

  /**
   * Checks that a stream has one of the experiences that settings name.
   *
   * @param experiences how many it has
   * @throws AccreteException naming the strategy, those named and how many there are
   */
  public void requireWithin(int experiences) {
    List<Integer> named = experiencesNamed();
    if (!named.isEmpty() && named.stream().noneMatch(number -> number <= experiences)) {
      throw new AccreteException(
          name()
              + " is to train at experience "
              + named.stream().map(String::valueOf).collect(Collectors.joining(", "))
              + " (unless a setting names others, at the last of the stream), and this run ends"
              + " after "
              + experiences
              + ": name one that it has, such as --hyper "
              + name()
              + ":"
              + trainsAt()
              + "="
              + experiences
              + ", or learn more of the stream");
    }
  }

  /** Whether it learns at chosen experiences only. */
  public boolean isSampled() {
    return provider.isSampled(settings);
  }

  /**
   * Image-passes of each experience, at least 1.
   *
   * @param sizes images of each experience
   */
  public long[] expectedWork(int[] sizes) {
    long[] work = new long[sizes.length];
    long held = 0;
    for (int i = 0; i < sizes.length; i++) {
      held += sizes[i];
      int index = i;
      long sum = held;
      long asked =
          guarded(
              provider,
              "tell its work",
              () -> provider.expectedWork(settings, index, sizes[index], sum));
      work[i] = Math.max(1, asked);
    }
    return work;
  }
}
