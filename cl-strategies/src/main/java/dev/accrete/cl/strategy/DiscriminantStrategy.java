package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Variable;
import dev.accrete.nn.LayerChoice;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.Model;
import dev.accrete.nn.NumericalException;
import dev.accrete.nn.RowProducts;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A linear discriminant on moments of a frozen network's layers: {@link Analytic}, and with the
 * head's own features {@link Slda}. The discriminant is solved for when somebody asks for an
 * answer; that is part of answering, and no cost of learning.
 */
final class DiscriminantStrategy extends SequentialStrategy {
  /** Rows per product: a pass over the scatter then costs less than the product. */
  private static final int ROWS = 256;

  private final Form form;
  private final LayerMoments layers;
  private final MomentReader reader;
  private final RowProducts products;
  private final ClassMoments moments;
  private final Calibration calibration;
  private final PositiveDefinite solver = new BlockedCholesky();
  private @Nullable Discriminant discriminant;

  /**
   * What tells one such strategy from another.
   *
   * @param layers which layers describe an image
   * @param mirror whether features are averaged over an image and its mirror image
   * @param inferenceBatch images per inference step
   * @param shrinkage what is done to the covariance before it is inverted
   */
  record Form(LayerChoice layers, boolean mirror, int inferenceBatch, Shrinkage shrinkage) {}

  DiscriminantStrategy(String name, StrategyContext context, Record settings, Form form) {
    super(name, context, settings, form.inferenceBatch(), Optional.empty());
    this.form = form;
    try {
      evaluator().close();
      layers = form.layers().of(network());
      reader = new MomentReader(learner(), layers, form.mirror(), form.inferenceBatch());
      products = learner().compileRowProducts(ROWS, reader.size());
      moments = new ClassMoments(network().classes(), reader.size(), PendingRows.of(products));
      calibration = new Calibration(network().classes(), reader.size());
    } catch (RuntimeException e) {
      learner().close();
      throw e;
    }
  }

  @Override
  protected Trained train(int index, LabelledImages images, Work work, ProgressListener progress) {
    work.holds(
        learner().bytes()
            + images.bytes()
            + products.bytes()
            + moments.bytes()
            + calibration.bytes());
    long solved =
        calibration.isDue(moments.total()) ? moments.macsOfDiscriminant() + products.macs() : 0;
    if (solved > 0) {
      calibration.refer(fitted(), moments.total());
    }
    boolean[] scored = calibration.choose(images);
    work.addMacs(
        solved
            + reader.features(
                images.set(),
                IntStream.range(0, images.count()).toArray(),
                (position, values, offset) -> {
                  requireFinite(index, images, position, values, offset);
                  int label = images.label(position);
                  if (scored[position]) {
                    work.addMacs(calibration.take(label, values, offset));
                  }
                  moments.add(label, values, offset);
                  progress.progress(position + 1, images.count());
                }));
    discriminant = null;
    work.addMacs(images.count() * (products.macs() / ROWS));
    work.addImages(images.count());
    return new Trained(images.count(), 1);
  }

  private void requireFinite(
      int experience, LabelledImages images, int position, float[] values, int offset) {
    for (int i = 0; i < reader.size(); i++) {
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
    if (moments.total() == 0) {
      throw new IllegalStateException("nothing was learned yet, so there is no class to predict");
    }
    Discriminant fitted = discriminant;
    if (fitted == null) {
      fitted = moments.discriminant(form.shrinkage(), solver);
      discriminant = fitted;
    }
    return fitted;
  }

  @Override
  protected int[] answer(ImageSet images, int[] indices) {
    Discriminant fitted = fitted();
    boolean[] seen = seen();
    int[] predicted = new int[indices.length];
    reader.features(
        images,
        indices,
        (position, values, offset) ->
            predicted[position] = Evaluator.best(fitted.scores(values, offset), 0, seen));
    return predicted;
  }

  @Override
  protected Model export(ModelExport export) {
    Discriminant fitted = fitted();
    return export.discriminant(
        layers, form.mirror(), fitted.weights(), fitted.bias(), calibration.temperature());
  }

  @Override
  protected boolean[] seen() {
    long[] counts = moments.counts();
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
    moments.save(state);
    calibration.save(state);
  }

  @Override
  protected void restoreState(StateReader state) {
    moments.restore(state);
    calibration.restore(state);
    discriminant = null;
  }
}
