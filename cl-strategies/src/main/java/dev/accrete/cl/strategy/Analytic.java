package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.nn.LayerChoice;
import dev.accrete.nn.LayerSet;
import dev.accrete.nn.Network;

/**
 * A linear discriminant on means and deviations of many layers of the network as it was
 * pre-trained: one pass, no gradient, no image kept, and the order of the stream changes nothing
 * but rounding. Its statistics are sums; see {@link ClassMoments}.
 */
public final class Analytic implements StrategyProvider<Analytic.Settings> {
  /**
   * Its settings.
   *
   * @param inferenceBatch images per inference step; changes nothing but speed and memory
   * @param head what is made of features
   */
  public record Settings(
      @Setting(value = "images per inference step; speed and memory alone", min = 1, max = 65536)
          int inferenceBatch,
      @Nested Head head) {}

  /**
   * A discriminant of features of many layers.
   *
   * @param layers which layers describe an image
   * @param mirror whether features are averaged over an image and its mirror image
   * @param shrinkage how far the covariance is drawn to its diagonal, times vectors by numbers
   * @param ridge what is added to every variance; channels may never have answered yet
   * @param meanPrior whether means of classes are drawn to what other classes let expect
   */
  public record Head(
      @Setting(
              value = "layers that describe an image: s, m (more deviations), last, or by name",
              name = "analytic.layers",
              form = "s, m, last, or layers such as conv1:mean+std,conv6/sep:mean")
          LayerChoice layers,
      @Setting(
              value = "features averaged over the image and its mirror image, at twice the cost",
              name = "analytic.mirror")
          boolean mirror,
      @Setting(
              value =
                  "the covariance is (1 - e) S + e diag(S), e = min(0.5, this x numbers / vectors)",
              name = "analytic.shrinkage",
              min = 0,
              max = 1000)
          double shrinkage,
      @Setting(value = "added to every variance", name = "analytic.ridge", min = 1e-12, max = 1)
          double ridge,
      @Setting(
              value =
                  "the mean of a class is drawn to what other classes let expect, the more the"
                      + " fewer its images",
              name = "analytic.mean-prior")
          boolean meanPrior) {

    /** Set S, as chosen on classes that nothing else saw. */
    static final Head DEFAULT =
        new Head(new LayerChoice.ByDepth(LayerSet.S), false, 0.25, 1e-6, true);

    DiscriminantStrategy.Form form(int inferenceBatch) {
      return new DiscriminantStrategy.Form(
          layers,
          mirror,
          inferenceBatch,
          new Shrinkage.ToVariances("analytic.shrinkage", shrinkage, ridge),
          meanPrior);
    }
  }

  @Override
  public String name() {
    return "analytic";
  }

  @Override
  public String label() {
    return "Analytic";
  }

  @Override
  public String description() {
    return "a linear discriminant on means and deviations of many frozen layers, in one pass";
  }

  @Override
  public int colour() {
    return 7;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Settings defaults(int horizon) {
    return new Settings(Solver.PUBLISHED.inferenceBatch(), Head.DEFAULT);
  }

  @Override
  public void check(Network network, Settings settings) {
    settings.head().layers().of(network);
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return new AdditiveDiscriminant(
        name(), context, settings, settings.head().form(settings.inferenceBatch()));
  }
}
