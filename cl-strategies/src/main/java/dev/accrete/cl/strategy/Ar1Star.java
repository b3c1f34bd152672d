package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.core.op.ConsolidateHead;

/**
 * AR1* (Lomonaco, Maltoni, Pellegrini, "Rehearsal-Free Continual Learning over Small Non-I.I.D.
 * Batches", CVPRW 2020): a CWR* head over a network that batch renormalization keeps trainable on
 * mini-batches of one or two classes, and that synaptic intelligence keeps from forgetting. The
 * first experience trains everything; from the second on, the first convolution and all depthwise
 * ones are frozen.
 */
public class Ar1Star implements StrategyProvider<Ar1Star.Settings> {
  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param first how the first experience trains
   * @param later how the others train
   * @param headRule how CWR merges a trained row into the bank
   * @param synaptic synaptic intelligence
   */
  public record Settings(
      @Nested Solver solver,
      @Nested("first.") Phase first,
      @Nested("later.") Phase later,
      @Setting("how CWR merges a trained row into the bank") ConsolidateHead.Rule headRule,
      @Nested("si.") SynapticSettings synaptic) {}

  @Override
  public String name() {
    return "ar1-star";
  }

  @Override
  public String label() {
    return "AR1*";
  }

  @Override
  public String description() {
    return "CWR* head, synaptic intelligence and batch renormalization, on new images alone";
  }

  @Override
  public int colour() {
    return 0;
  }

  @Override
  public int rank() {
    return 5;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(
        Solver.PUBLISHED,
        Phase.FIRST,
        Phase.later(horizon).withLearningRate(1e-4f).withHeadMultiplier(10f),
        ConsolidateHead.Rule.CWR_STAR,
        SynapticSettings.PUBLISHED);
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    Freezing spatial = Freezing.spatial(context.network());
    return Composition.named(name(), context, settings)
        .solver(settings.solver())
        .phases(settings.first(), settings.later())
        .head(new ConsolidatedHead(settings.headRule()))
        .freezing(spatial)
        .with(new SynapticIntelligence(settings.synaptic(), spatial))
        .build();
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    return (long) images * (index == 0 ? settings.first() : settings.later()).epochs();
  }
}
