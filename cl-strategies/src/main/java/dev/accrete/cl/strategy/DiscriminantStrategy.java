package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Variable;
import dev.accrete.nn.LayerChoice;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.Model;
import dev.accrete.nn.NumericalException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A linear discriminant on moments of a network's layers. It is solved for when somebody asks for
 * an answer; that is part of answering, and no cost of learning.
 */
class DiscriminantStrategy extends SequentialStrategy {
  private final Form form;
  private final LayerMoments layers;
  private final int size;
  private final EngineSums products;
  private final ClassMoments moments;
  private final Calibration calibration;
  private @Nullable MomentReader reader;
  private @Nullable Discriminant discriminant;

  /**
   * What tells one such strategy from another.
   *
   * @param layers which layers describe an image
   * @param mirror whether features are averaged over an image and its mirror image
   * @param inferenceBatch images per inference step
   * @param shrinkage what is done to the covariance before it is inverted
   * @param drawn whether means are drawn to what other classes let expect
   */
  record Form(
      LayerChoice layers, boolean mirror, int inferenceBatch, Shrinkage shrinkage, boolean drawn) {}

  DiscriminantStrategy(String name, StrategyContext context, Record settings, Form form) {
    super(name, context, settings, form.inferenceBatch(), Optional.empty());
    this.form = form;
    layers = form.layers().of(network());
    size = layers.size(network());
    calibration = new Calibration(network().classes(), size);
    products =
        new EngineSums(
            context.backend(),
            form.inferenceBatch(),
            size,
            network().classes() + (form.drawn() ? MeanPrior.probeCount() : 0));
    moments = new ClassMoments(network().classes(), products);
  }

  /** The network's answers are never asked for, its layers' are. */
  @Override
  protected void prepare() {
    reader();
    products.prepare();
  }

  private MomentReader reader() {
    MomentReader compiled = reader;
    if (compiled == null) {
      compiled = new MomentReader(learner(), layers, form.mirror(), form.inferenceBatch());
      reader = compiled;
    }
    return compiled;
  }

  @Override
  protected Trained train(int index, LabelledImages images, Work work, ProgressListener progress) {
    boolean due = calibration.isDue(moments.total());
    boolean known = IntStream.range(0, images.count()).anyMatch(i -> knows(images.label(i)));
    work.holds(
        learner().bytes()
            + images.bytes()
            + moments.bytes()
            + calibration.bytes()
            + (due ? products.bytesOfSolution() : 0));
    if (due && known) {
      refer(work);
    }
    boolean[] waiting = due && !known ? calibration.wait(images) : new boolean[images.count()];
    int[] now = IntStream.range(0, images.count()).filter(i -> !waiting[i]).toArray();
    int[] later = IntStream.range(0, images.count()).filter(i -> waiting[i]).toArray();
    add(index, images, now, calibration.choose(images), work, progress);
    if (later.length > 0) {
      refer(work);
      add(
          index,
          images,
          later,
          waiting,
          work,
          (done, all) -> progress.progress(now.length + done, all));
    }
    work.addImages(images.count());
    return new Trained(images.count(), 1);
  }

  private boolean knows(int label) {
    return moments.count(label) > 0;
  }

  private void refer(Work work) {
    calibration.refer(fitted(), moments.total());
    work.addMacs(products.macsOfSolution());
    if (form.drawn()) {
      work.addMacs(MeanPrior.macs(moments.counts(), size));
    }
  }

  /** Adds some images; those of them that are to be scored are scored before. */
  private void add(
      int index,
      LabelledImages images,
      int[] positions,
      boolean[] scored,
      Work work,
      ProgressListener progress) {
    work.addMacs(
        reader()
            .features(
                images.set(),
                positions,
                (first, count, features) -> {
                  int[] labels = new int[count];
                  for (int row = 0; row < count; row++) {
                    int position = positions[first + row];
                    requireFinite(index, images, position, features, row * size);
                    labels[row] = images.label(position);
                    if (scored[position]) {
                      work.addMacs(calibration.take(labels[row], features, row * size));
                    }
                  }
                  moments.add(labels, features);
                  work.addMacs(products.macs(count));
                  progress.progress(first + count, images.count());
                }));
    discriminant = null;
  }

  /** Takes images out again that were learned; the temperature's sample begins anew. */
  final Trained takeOut(LabelledImages images, Work work, ProgressListener progress) {
    moments.requireThere(IntStream.range(0, images.count()).map(images::label).toArray());
    prepare();
    work.holds(learner().bytes() + images.bytes() + moments.bytes() + calibration.bytes());
    work.addMacs(
        reader()
            .features(
                images.set(),
                IntStream.range(0, images.count()).toArray(),
                (first, count, features) -> {
                  int[] labels = IntStream.range(first, first + count).map(images::label).toArray();
                  moments.remove(labels, features);
                  work.addMacs(products.macs(count));
                  progress.progress(first + count, images.count());
                }));
    calibration.empty();
    discriminant = null;
    work.addImages(images.count());
    return new Trained(images.count(), 1);
  }

  /** Adds what another one's saved state knows of classes that have these numbers here. */
  final void addUp(StateReader other, int[] labels) {
    int classes = classesOf(other);
    ClassMoments theirs = new ClassMoments(classes, size);
    theirs.restore(other);
    requireLabels(labels, theirs.counts());
    Calibration measured = new Calibration(classes, size);
    measured.restore(other);
    moments.merge(theirs, labels);
    calibration.merge(measured, labels);
    countExperiencesOf(other);
    discriminant = null;
  }

  /** Forgets all features: those to come are another network's. */
  final void startAnew() {
    moments.clear();
    calibration.empty();
    discriminant = null;
  }

  private void requireLabels(int[] labels, long[] counts) {
    boolean[] taken = new boolean[network().classes()];
    boolean fit = labels.length == counts.length;
    for (int c = 0; fit && c < counts.length; c++) {
      int label = labels[c];
      fit = label < 0 ? counts[c] == 0 : label < taken.length && !taken[label];
      if (label >= 0 && fit) {
        taken[label] = true;
      }
    }
    if (!fit) {
      throw new IllegalArgumentException(
          Arrays.toString(labels)
              + " do not tell "
              + counts.length
              + " classes apart among "
              + taken.length);
    }
  }

  private void requireFinite(
      int experience, LabelledImages images, int position, float[] values, int offset) {
    for (int i = 0; i < size; i++) {
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
      throw new IllegalStateException(
          "nothing is known, so there is no class to predict: learn some images first");
    }
    Discriminant fitted = discriminant;
    if (fitted == null) {
      fitted = moments.discriminant(form.shrinkage(), form.drawn(), products);
      discriminant = fitted;
    }
    return fitted;
  }

  @Override
  protected int[] answer(ImageSet images, int[] indices) {
    Discriminant fitted = fitted();
    boolean[] seen = seen();
    int[] predicted = new int[indices.length];
    reader()
        .features(
            images,
            indices,
            (first, count, features) -> {
              for (int row = 0; row < count; row++) {
                float[] scores = fitted.scores(features, row * size);
                predicted[first + row] = Evaluator.best(scores, 0, seen);
              }
            });
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

  @Override
  public synchronized void close() {
    products.close();
    super.close();
  }
}
