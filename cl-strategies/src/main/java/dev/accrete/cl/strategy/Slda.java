package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Variable;
import dev.accrete.nn.NumericalException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Streaming linear discriminant analysis (Hayes and Kanan 2020) on the pooled features of the
 * network as it was pre-trained: one pass, no gradient, and the order of the stream changes nothing
 * but rounding. The cheap rival every other strategy has to beat.
 */
final class Slda extends SequentialStrategy {
  private final StreamingCovariance statistics;
  private StreamingCovariance.@Nullable Discriminant discriminant;

  Slda(StrategyContext context, Hyperparameters settings) {
    super(Strategies.SLDA, context, settings);
    statistics = new StreamingCovariance(network().classes(), network().featureSize());
  }

  @Override
  Trained train(Experience experience, ImageSet train, Work work, Progress progress) {
    LabelledImages images = LabelledImages.of(network(), train, experience.images());
    work.holds(learner().bytes() + images.bytes() + statistics.bytes());
    work.addMacs(
        evaluator()
            .features(
                train,
                images.indices(),
                (position, values, offset) -> {
                  requireFinite(experience.index(), train, images, position, values, offset);
                  statistics.add(images.label(position), values, offset);
                  progress.report(position + 1, images.count());
                }));
    discriminant = statistics.discriminant(hyperparameters().shrinkage());
    work.addMacs(images.count() * statistics.macsPerVector() + statistics.macsOfDiscriminant());
    work.addImages(images.count());
    return new Trained(images.count(), 1);
  }

  private void requireFinite(
      int experience,
      ImageSet set,
      LabelledImages images,
      int position,
      float[] values,
      int offset) {
    for (int i = 0; i < network().featureSize(); i++) {
      if (!Float.isFinite(values[offset + i])) {
        throw new NumericalException(
            "experience "
                + (experience + 1)
                + ": feature "
                + i
                + " of image "
                + set.describe(images.indices()[position])
                + " is "
                + values[offset + i]
                + "; look for weights that are out of range");
      }
    }
  }

  @Override
  public int[] predict(ImageSet images, int[] indices) {
    StreamingCovariance.Discriminant fitted = discriminant;
    if (fitted == null) {
      throw new IllegalStateException("nothing was learned yet, so there is no class to predict");
    }
    boolean[] seen = seen();
    int[] predicted = new int[indices.length];
    evaluator()
        .features(
            images,
            indices,
            (position, values, offset) ->
                predicted[position] = Evaluator.best(fitted.scores(values, offset), 0, seen));
    return predicted;
  }

  @Override
  boolean[] seen() {
    long[] counts = statistics.counts();
    boolean[] seen = new boolean[counts.length];
    for (int c = 0; c < counts.length; c++) {
      seen[c] = counts[c] > 0;
    }
    return seen;
  }

  /** None: the network stays as it was pre-trained. */
  @Override
  List<Variable> stateVariables() {
    return List.of();
  }

  @Override
  void saveState(StateWriter state) {
    statistics.save(state);
  }

  @Override
  void restoreState(StateReader state) {
    statistics.restore(state);
    discriminant = statistics.discriminant(hyperparameters().shrinkage());
  }
}
