package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Variable;
import dev.accrete.nn.Model;
import dev.accrete.nn.NumericalException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** See {@link Slda}. */
final class SldaStrategy extends SequentialStrategy {
  private final Slda.Settings settings;
  private final StreamingCovariance statistics;
  private @Nullable Discriminant discriminant;

  SldaStrategy(String name, StrategyContext context, Slda.Settings settings) {
    super(name, context, settings, settings.inferenceBatch(), Optional.empty());
    this.settings = settings;
    statistics = new StreamingCovariance(network().classes(), network().featureSize());
  }

  @Override
  protected Trained train(
      int index, LabelledImages images, Work work, ProgressListener progress) {
    work.holds(learner().bytes() + images.bytes() + statistics.bytes());
    work.addMacs(
        evaluator()
            .features(
                images.set(),
                IntStream.range(0, images.count()).toArray(),
                (position, values, offset) -> {
                  requireFinite(index, images, position, values, offset);
                  statistics.add(images.label(position), values, offset);
                  progress.progress(position + 1, images.count());
                }));
    discriminant = statistics.discriminant(settings.shrinkage());
    work.addMacs(images.count() * statistics.macsPerVector() + statistics.macsOfDiscriminant());
    work.addImages(images.count());
    return new Trained(images.count(), 1);
  }

  private void requireFinite(
      int experience, LabelledImages images, int position, float[] values, int offset) {
    for (int i = 0; i < network().featureSize(); i++) {
      if (!Float.isFinite(values[offset + i])) {
        throw new NumericalException(
            "experience "
                + (experience + 1)
                + ": feature "
                + i
                + " of image "
                + images.set().describe(position)
                + " is "
                + values[offset + i]
                + "; look for weights that are out of range");
      }
    }
  }

  private Discriminant fitted() {
    Discriminant fitted = discriminant;
    if (fitted == null) {
      throw new IllegalStateException("nothing was learned yet, so there is no class to predict");
    }
    return fitted;
  }

  @Override
  protected int[] answer(ImageSet images, int[] indices) {
    Discriminant fitted = fitted();
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
  protected Model export(ModelExport export) {
    Discriminant fitted = fitted();
    return export.discriminant(fitted.weights(), fitted.bias());
  }

  @Override
  protected boolean[] seen() {
    long[] counts = statistics.counts();
    boolean[] seen = new boolean[counts.length];
    for (int c = 0; c < counts.length; c++) {
      seen[c] = counts[c] > 0;
    }
    return seen;
  }

  /** None: the network stays as it was pre-trained. */
  @Override
  protected List<Variable> stateVariables() {
    return List.of();
  }

  @Override
  protected void saveState(StateWriter state) {
    statistics.save(state);
  }

  @Override
  protected void restoreState(StateReader state) {
    statistics.restore(state);
    discriminant = statistics.discriminant(settings.shrinkage());
  }
}
