package dev.accrete.cl.run.report;

import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.StrategyProvider;

/**
 * How a strategy appears on the page.
 *
 * @param name for people
 * @param colour 0..6, the palette of the page
 */
record Look(String name, int colour) {
  private static final int OTHER = 2;

  static Look of(String strategy) {
    StrategyProvider<?> provider = Strategies.providers().get(strategy);
    return provider == null
        ? new Look(strategy, OTHER)
        : new Look(provider.label(), provider.colour());
  }

  /** The coloured dot that stands before the name in tables. */
  String dot() {
    return "<span class=\"dot bg" + colour + "\"></span>" + Html.escape(name);
  }
}
