package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;

/** Plain fine-tuning: everything trains on whatever comes, and nothing guards what was learned. */
public final class Naive implements StrategyProvider<Naive.Settings> {
  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param first how the first experience trains
   * @param later how the others train
   */
  public record Settings(
      @Nested Solver solver, @Nested("first.") Phase first, @Nested("later.") Phase later) {}

  @Override
  public String name() {
    return "naive";
  }

  @Override
  public String label() {
    return "Naive";
  }

  @Override
  public String description() {
    return "fine-tuning on whatever comes";
  }

  @Override
  public int colour() {
    return 1;
  }

  @Override
  public int rank() {
    return 70;
  }

  @Override
  public boolean isLowerBound() {
    return true;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(
        Solver.PUBLISHED,
        Phase.FIRST,
        Phase.later(horizon).withEpochs(2).withLearningRate(3.5e-5f));
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return Composition.named(name(), context, settings)
        .solver(settings.solver())
        .phases(settings.first(), settings.later())
        .build();
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    return (long) images * (index == 0 ? settings.first() : settings.later()).epochs();
  }
}
