package dev.accrete.cl.run;

import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.StrategyProvider;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What reports must know of a strategy.
 *
 * @param name as in the configuration
 * @param label for people
 * @param colour 0..7, the palette of the page
 * @param role what it stands for beside others
 * @param lead the page is about the strategy with the smallest one
 */
public record StrategyInfo(String name, String label, int colour, Role role, int lead) {
  /** What a strategy stands for in a comparison. */
  public enum Role {
    /** Learns continually: what a run is about. */
    LEARNER,
    /** Fine-tunes without any protection: what little can be expected. */
    FINE_TUNING,
    /** Trains anew on everything seen: what savings are measured against. */
    RETRAINING
  }

  /** All strategies there are, by name, as their providers tell. */
  public static Map<String, StrategyInfo> known() {
    Map<String, StrategyInfo> known = new LinkedHashMap<>();
    Strategies.providers().forEach((name, provider) -> known.put(name, of(provider)));
    return known;
  }

  private static StrategyInfo of(StrategyProvider<?> provider) {
    Role role =
        provider.isRetraining()
            ? Role.RETRAINING
            : provider.isLowerBound() ? Role.FINE_TUNING : Role.LEARNER;
    return new StrategyInfo(
        provider.name(), provider.label(), provider.colour(), role, provider.rank());
  }
}
