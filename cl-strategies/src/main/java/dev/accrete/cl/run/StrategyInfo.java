package dev.accrete.cl.run;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What reports must know of a strategy.
 *
 * @param name as in the configuration
 * @param label for people
 * @param colour 0..6, the palette of the page
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

  // The one table of names outside the strategies.
  private static final Map<String, StrategyInfo> KNOWN =
      List.of(
              new StrategyInfo("ar1-star", "AR1*", 0, Role.LEARNER, 0),
              new StrategyInfo("naive", "Naive", 1, Role.FINE_TUNING, 2),
              new StrategyInfo("cumulative", "Re-training", 2, Role.RETRAINING, 3),
              new StrategyInfo("slda", "Streaming LDA", 3, Role.LEARNER, 1),
              new StrategyInfo("cwr-star", "CWR*", 4, Role.LEARNER, 1),
              new StrategyInfo("ar1-free", "AR1*free", 6, Role.LEARNER, 1),
              new StrategyInfo("ar1-star-bn", "AR1*, plain BN", 5, Role.LEARNER, 1))
          .stream()
          .collect(Collectors.toUnmodifiableMap(StrategyInfo::name, Function.identity()));

  /** All that is known, by name. */
  public static Map<String, StrategyInfo> known() {
    return KNOWN;
  }
}
