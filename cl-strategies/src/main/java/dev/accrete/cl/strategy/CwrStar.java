package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.core.op.ConsolidateHead;

/**
 * CWR* (Lomonaco et al. 2020): the first experience trains everything; from the second on the
 * network below the head is frozen, moving moments included, and the head alone trains on features
 * computed once.
 */
public final class CwrStar implements StrategyProvider<CwrStar.Settings> {
  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param first how the first experience trains
   * @param later how the others train
   * @param headRule how CWR merges a trained row into the bank
   */
  public record Settings(
      @Nested Solver solver,
      @Nested("first.") Phase first,
      @Nested("later.") Phase later,
      @Setting("how CWR merges a trained row into the bank") ConsolidateHead.Rule headRule) {}

  @Override
  public String name() {
    return "cwr-star";
  }

  @Override
  public String label() {
    return "CWR*";
  }

  @Override
  public String description() {
    return "a frozen network under a consolidated head";
  }

  @Override
  public int colour() {
    return 4;
  }

  @Override
  public int rank() {
    return 20;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(
        Solver.PUBLISHED, Phase.FIRST, Phase.later(horizon), ConsolidateHead.Rule.CWR_STAR);
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return Composition.named(name(), context, settings)
        .solver(settings.solver())
        .phases(settings.first(), settings.later())
        .head(new ConsolidatedHead(settings.headRule()))
        .freezing(Freezing.below(context.network().cutBelowHead()))
        .build();
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    return (long) images * (index == 0 ? settings.first() : settings.later()).epochs();
  }
}
