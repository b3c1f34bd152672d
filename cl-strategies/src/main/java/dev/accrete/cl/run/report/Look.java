package dev.accrete.cl.run.report;

import dev.accrete.cl.chart.Html;
import dev.accrete.cl.run.StrategyInfo;

/**
 * How a strategy appears on the page.
 *
 * @param name for people
 * @param colour 0..7, the palette of the page
 */
record Look(String name, int colour) {
  /** Colours of the page. */
  static final int PALETTE = 8;

  static Look of(StrategyInfo info) {
    return new Look(info.label(), Math.floorMod(info.colour(), PALETTE));
  }

  /** The coloured dot that stands before the name in tables. */
  String dot() {
    return "<span class=\"dot bg" + colour + "\"></span>" + Html.escape(name);
  }
}
