package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Setting;
import dev.accrete.nn.LayerChoice;
import dev.accrete.nn.LayerSet;

/**
 * Streaming linear discriminant analysis (Hayes and Kanan 2020) on the pooled features of the
 * network as it was pre-trained: one pass, no gradient, and the order of the stream changes nothing
 * but rounding. The cheap rival every other strategy has to beat.
 *
 * <p>The scatter is the exact one within classes, see {@link ClassMoments#add}; the paper weighs
 * with the number of all vectors instead, and so counts the first vector of each class with its
 * whole distance from 0.
 */
public final class Slda implements StrategyProvider<Slda.Settings> {
  /**
   * Its settings.
   *
   * @param inferenceBatch images per inference step; changes nothing but speed and memory
   * @param shrinkage epsilon: the covariance is (1 - epsilon) S + epsilon I
   */
  public record Settings(
      @Setting(value = "images per inference step; speed and memory alone", min = 1, max = 65536)
          int inferenceBatch,
      @Setting(
              value = "epsilon: the covariance is (1 - epsilon) S + epsilon I",
              name = "slda.shrinkage",
              above = 0,
              max = 1)
          double shrinkage) {}

  @Override
  public String name() {
    return "slda";
  }

  @Override
  public String label() {
    return "Streaming LDA";
  }

  @Override
  public String description() {
    return "a linear discriminant on frozen features, in one pass";
  }

  @Override
  public int colour() {
    return 3;
  }

  @Override
  public int rank() {
    return 30;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(Solver.PUBLISHED.inferenceBatch(), 1e-4);
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return new AdditiveDiscriminant(
        name(),
        context,
        settings,
        new DiscriminantStrategy.Form(
            new LayerChoice.ByDepth(LayerSet.LAST),
            false,
            settings.inferenceBatch(),
            new Shrinkage.ToIdentity("slda.shrinkage", settings.shrinkage()),
            false));
  }
}
