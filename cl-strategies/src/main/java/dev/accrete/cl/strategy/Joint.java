package dev.accrete.cl.strategy;

import dev.accrete.cl.metrics.RetrainSchedule;
import dev.accrete.cl.settings.Nested;
import java.util.List;

/**
 * One training on everything when the stream has ended: the ceiling that strategies are measured
 * against. Unlike {@link Cumulative}, whose every training follows the published rule, it is run as
 * by someone who wants it to win: a learning rate that falls along a cosine, images flipped and
 * shifted. Its values were chosen on classes held out of the backbone's pre-training.
 */
public final class Joint implements StrategyProvider<Joint.Settings> {
  private static final float LEARNING_RATE = 0.03f;
  private static final double SHIFT = 0.0625;
  private static final int MINI_BATCH = 32;

  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param first how it trains
   * @param retraining when and for how long
   */
  public record Settings(
      @Nested Solver solver,
      @Nested("first.") Phase first,
      @Nested("joint.") Retraining retraining) {}

  @Override
  public String name() {
    return "joint";
  }

  @Override
  public String label() {
    return "Joint training";
  }

  @Override
  public String description() {
    return "one training on everything at the end of the stream, at its best";
  }

  @Override
  public int colour() {
    return 5;
  }

  @Override
  public int rank() {
    return 95;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(
        Solver.PUBLISHED.withMiniBatch(MINI_BATCH).withAugmentation(SHIFT),
        Phase.FIRST.withLearningRate(LEARNING_RATE),
        new Retraining(
            RetrainSchedule.LAST_EPOCHS,
            Retraining.UNCAPPED,
            List.of(horizon),
            horizon,
            Annealing.COSINE));
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return new CumulativeStrategy(
        name(),
        context,
        new Cumulative.Settings(settings.solver(), settings.first(), settings.retraining()));
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    Retraining schedule = settings.retraining();
    return schedule.trainsAt(index) ? held * schedule.epochs(index, settings.first().epochs()) : 0;
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
