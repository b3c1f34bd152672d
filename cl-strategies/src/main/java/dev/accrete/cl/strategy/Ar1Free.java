package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.Network;

/**
 * AR1*free with latent replay (Pellegrini et al., "Latent Replay for Real-Time Continual Learning",
 * IROS 2020): from the second experience on the layers below the latents are frozen, moments
 * included, and those above train on the latents of new images together with remembered ones,
 * without synaptic intelligence.
 */
public final class Ar1Free implements StrategyProvider<Ar1Free.Settings> {
  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param first how the first experience trains
   * @param later how the others train
   * @param headRule how CWR merges a trained row into the bank
   * @param replay the memory
   */
  public record Settings(
      @Nested Solver solver,
      @Nested("first.") Phase first,
      @Nested("later.") Phase later,
      @Setting("how CWR merges a trained row into the bank") ConsolidateHead.Rule headRule,
      @Nested("replay.") ReplaySettings replay) {}

  @Override
  public String name() {
    return "ar1-free";
  }

  @Override
  public String label() {
    return "AR1*free";
  }

  @Override
  public String description() {
    return "AR1* with latent replay in the place of synaptic intelligence";
  }

  @Override
  public int colour() {
    return 6;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(
        Solver.PUBLISHED,
        Phase.FIRST,
        Phase.later(horizon)
            .withLearningRate(3e-4f)
            .withHeadMultiplier(10f)
            .withAveraging(0.99995f),
        ConsolidateHead.Rule.CWR_STAR,
        ReplaySettings.PUBLISHED);
  }

  @Override
  public void check(Network network, Settings settings) {
    settings.replay().cut(network);
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    LatentReplay replay = new LatentReplay(settings.replay(), context.network(), context.seed());
    return Composition.named(name(), context, settings)
        .solver(settings.solver())
        .phases(settings.first(), settings.later())
        .head(new ConsolidatedHead(settings.headRule()))
        .freezing(Freezing.below(replay.cut()))
        .replay(replay)
        .build();
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    return (long) images * (index == 0 ? settings.first() : settings.later()).epochs();
  }
}
