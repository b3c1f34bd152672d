package dev.accrete.cl.run.report;

import dev.accrete.cl.strategy.Strategies;

/**
 * How a strategy appears on the page.
 *
 * @param name for people
 * @param colour 0..6, the palette of the page
 */
record Look(String name, int colour) {
  private static final int OTHER = 2;

  static Look of(String strategy) {
    return switch (strategy) {
      case Strategies.AR1_STAR -> new Look("AR1*", 0);
      case Strategies.NAIVE -> new Look("Naive", 1);
      case Strategies.CUMULATIVE -> new Look("Re-training", 2);
      case Strategies.SLDA -> new Look("Streaming LDA", 3);
      case Strategies.CWR_STAR -> new Look("CWR*", 4);
      case Strategies.AR1_FREE -> new Look("AR1*free", 6);
      case Strategies.AR1_STAR_BN -> new Look("AR1*, plain BN", 5);
      default -> new Look(strategy, OTHER);
    };
  }

  /** The coloured dot that stands before the name in tables. */
  String dot() {
    return "<span class=\"dot bg" + colour + "\"></span>" + Html.escape(name);
  }
}
