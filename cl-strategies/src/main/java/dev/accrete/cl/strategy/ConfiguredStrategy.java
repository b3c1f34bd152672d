package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Schema;
import dev.accrete.core.AccreteException;
import java.util.Map;

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
    return new ConfiguredStrategy<>(provider, provider.defaults(horizon));
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

  /** A fresh strategy. */
  public Strategy create(StrategyContext context) {
    return provider.create(context, settings);
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
      work[i] = Math.max(1, provider.expectedWork(settings, i, sizes[i], held));
    }
    return work;
  }
}
