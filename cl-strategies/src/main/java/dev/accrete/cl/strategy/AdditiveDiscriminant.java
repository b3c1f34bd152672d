package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;

/**
 * A discriminant whose network never changes, so that all it knows is a sum: {@link Analytic}, and
 * with the head's own features {@link Slda}.
 */
final class AdditiveDiscriminant extends DiscriminantStrategy implements Additive {
  AdditiveDiscriminant(String name, StrategyContext context, Record settings, Form form) {
    super(name, context, settings, form);
  }

  @Override
  public Cost forget(ImageSet set, ProgressListener progress) {
    return spend("forget", work -> takeOut(LabelledImages.of(network(), set), work, progress));
  }

  @Override
  public synchronized void merge(StateReader other, int[] labels) {
    spend(
        "be merged",
        work -> {
          addUp(other, labels);
          return new Trained(0, 0);
        });
  }
}
