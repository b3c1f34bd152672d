package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import java.util.List;

/**
 * Re-train and re-deploy: keeps every image, and at an experience trains the network again from the
 * initial weights on all of them, for epochs that rise linearly over the stream. Everything else is
 * as in the first experience of a stream. Where {@code cumulative.at} leaves an experience out, its
 * images are kept and the network stays as it was.
 */
public final class Cumulative implements StrategyProvider<Cumulative.Settings> {
  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param first how a re-training trains; its epochs are those of the first one
   * @param retraining when and for how long
   */
  public record Settings(
      @Nested Solver solver,
      @Nested("first.") Phase first,
      @Nested("cumulative.") Retraining retraining) {}

  @Override
  public String name() {
    return "cumulative";
  }

  @Override
  public String label() {
    return "Re-training";
  }

  @Override
  public String description() {
    return "re-training on everything seen so far";
  }

  @Override
  public int colour() {
    return 2;
  }

  @Override
  public int rank() {
    return 90;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(Solver.PUBLISHED, Phase.FIRST, Retraining.published(horizon));
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return new CumulativeStrategy(name(), context, settings);
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    Retraining schedule = settings.retraining();
    return schedule.trainsAt(index) ? held * schedule.epochs(index, settings.first().epochs()) : 0;
  }

  @Override
  public boolean isRetraining() {
    return true;
  }

  @Override
  public boolean keepsImages(Settings settings) {
    return true;
  }

  @Override
  public List<Integer> experiencesNamed(Settings settings) {
    return settings.retraining().at();
  }

  @Override
  public boolean isSampled(Settings settings) {
    return !settings.retraining().at().isEmpty();
  }
}
