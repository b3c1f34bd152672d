package dev.accrete.cl.pretrain;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.run.FolderLock;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Rng;
import dev.accrete.nn.Inference;
import dev.accrete.nn.Learner;
import dev.accrete.nn.LearningRate;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Scores;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.TrainingStep;
import dev.accrete.nn.WeightFile;
import dev.accrete.nn.Weights;
import dev.accrete.nn.Widening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Trains a network on labelled images, from random weights or given ones: stochastic gradient
 * descent with Nesterov momentum, half a cosine of learning rate after a warm-up, label smoothing,
 * images varied as {@link Augmentation} says.
 *
 * <p>The state is saved every minute and after every epoch. Order and augmentation are functions of
 * seed, epoch and step, so that a resumed training gives the same weights as one that was never
 * interrupted.
 */
public final class Pretraining {
  private static final long ORDER_STREAM = 0x0DE5L << 32;
  private static final long AUGMENT_STREAM = 0xA06L << 32;
  private static final float MOMENTUM = 0.9f;
  private static final float AVERAGING = 0.9f;

  private final Backend backend;
  private final IntFunction<Network> networks;
  private final IntFunction<ImageSet> trainAt;
  private final IntFunction<ImageSet> validationAt;
  private final PretrainOptions options;
  private final PretrainCheckpoint checkpoint;
  private final Listener listener;
  private Duration saveInterval = Duration.ofMinutes(1);

  /** Told how the training goes. */
  public interface Listener {
    /** After every step. */
    void step(Position position, float loss);

    /** After every epoch, with the share of validation images classified right. */
    void epoch(Position position, double trainLoss, double validationAccuracy, double seconds);
  }

  /**
   * Where a training is.
   *
   * @param step steps from the start, of {@code steps}
   * @param done the share of all pixels seen, which is nearly the share of the time
   */
  public record Position(
      int epoch, int epochs, long step, long steps, int imageSize, double done) {}

  /** A finished training. */
  public record Result(
      Weights weights, double validationAccuracy, double seconds, List<Double> validationByEpoch) {}

  /**
   * Prepares a training.
   *
   * @param networks the network for images of a size; its parameters must not depend on the size
   * @param trainAt the training images at a size
   * @param validationAt the validation images at a size
   * @param folder where the state is saved, and resumed from if it is there
   */
  public Pretraining(
      Backend backend,
      IntFunction<Network> networks,
      IntFunction<ImageSet> trainAt,
      IntFunction<ImageSet> validationAt,
      PretrainOptions options,
      Path folder,
      Listener listener) {
    this.backend = backend;
    this.networks = networks;
    this.trainAt = trainAt;
    this.validationAt = validationAt;
    this.options = options;
    this.checkpoint = new PretrainCheckpoint(folder);
    this.listener = listener;
  }

  /**
   * Trains to the end, from the saved state if there is one.
   *
   * @throws AccreteException if the saved state is of another recipe or other data, another
   *     training uses the folder, the loss is not finite, or the folder cannot be written
   */
  public Result run() {
    return run(result -> {});
  }

  /** The same; what {@code finish} writes is written before others may use the folder. */
  Result run(Consumer<Result> finish) {
    try (FolderLock _ = checkpoint.lock()) {
      Result result = train();
      finish.accept(result);
      return result;
    }
  }

  private Result train() {
    Network first = networks.apply(options.phases().getFirst().imageSize());
    int lastSize = options.phases().getLast().imageSize();
    String recipe =
        PretrainRecipe.of(
            first, trainAt.apply(lastSize), validationAt.apply(lastSize), options, backend);
    PretrainState state =
        checkpoint.load(first, recipe).orElseGet(() -> PretrainState.initial(first, start(first)));
    while (state.epoch() < options.epochs()) {
      state = runPhase(recipe, state, options.phaseOf(state.epoch()));
    }
    List<Double> accuracies = state.validationByEpoch();
    return new Result(
        new Weights(state.weights(), state.moments()),
        accuracies.getLast(),
        state.seconds(),
        List.copyOf(accuracies));
  }

  private Weights start(Network network) {
    return options
        .start()
        .map(
            file ->
                finite(
                    file,
                    Widening.of(
                        WeightFile.tensors(file),
                        network,
                        trainAt.apply(network.height()).classNames(),
                        options.seed())))
        .orElseGet(() -> Weights.initial(network, options.seed()));
  }

  // A training would end in a loss that is not a number, which says nothing of the file.
  private static Weights finite(Path file, Weights weights) {
    for (float[] values : new float[][] {weights.parameters(), weights.moments()}) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new AccreteException(
              file + " holds a weight that is " + value + ": give --start a sound file");
        }
      }
    }
    return weights;
  }

  private static void requireSome(ImageSet images) {
    if (images.size() == 0) {
      throw new AccreteException(
          images.name() + " has no image: nothing could be said of the result, add some");
    }
  }

  /** Saves the state this often within an epoch, besides at its end. */
  Pretraining savingEvery(Duration interval) {
    saveInterval = interval;
    return this;
  }

  /** Trains all epochs of one image size that are left. */
  private PretrainState runPhase(String recipe, PretrainState state, PretrainOptions.Phase phase) {
    Network network = networks.apply(phase.imageSize());
    ImageSet train = trainAt.apply(phase.imageSize());
    ImageSet validation = validationAt.apply(phase.imageSize());
    if (train.size() < options.miniBatch()) {
      throw new AccreteException(
          train.name()
              + " has "
              + train.size()
              + " images, fewer than one mini-batch of "
              + options.miniBatch()
              + "; use more images or a smaller mini-batch");
    }
    requireSome(validation);
    TrainingSpec spec =
        TrainingSpec.builder(network, options.miniBatch())
            .weightDecay(options.weightDecay())
            .momentum(MOMENTUM, true)
            .labelSmoothing(options.labelSmoothing())
            .source(train.height(), train.width())
            .build();
    try (Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      learner.initialize(state.weights(), state.moments());
      learner.restore(learner.variables().momentum(), state.momentum());
      try (TrainingStep step = learner.compileTraining(spec);
          Inference inference = learner.compileInference(options.miniBatch())) {
        PretrainState current = state;
        while (current.epoch() < options.epochs()
            && options.phaseOf(current.epoch()).equals(phase)) {
          current = runEpoch(recipe, current, learner, step, train);
          double accuracy = accuracy(inference, validation);
          current = current.endEpoch(accuracy);
          checkpoint.save(recipe, current);
          listener.epoch(
              position(current.epoch(), 0, train, phase),
              current.lastTrainLoss(),
              accuracy,
              current.seconds());
        }
        return current;
      }
    }
  }

  private PretrainState runEpoch(
      String recipe, PretrainState state, Learner learner, TrainingStep step, ImageSet train) {
    int rows = options.miniBatch();
    int[] order = Rng.of(options.seed(), ORDER_STREAM + state.epoch()).permutation(train.size());
    Batch batch = new Batch(train, rows);
    long stepsPerEpoch = train.size() / rows;
    LearningRate rate =
        LearningRate.cosine(
            options.peakLearningRate(), options.warmupSteps(totalSteps(train)), totalSteps(train));
    double lossSum = state.lossSum();
    long started = System.nanoTime();
    long saved = started;
    step.drawDropout(options.seed(), state.epoch() * stepsPerEpoch + state.stepInEpoch());
    for (int s = state.stepInEpoch(); s < stepsPerEpoch; s++) {
      long global = state.epoch() * stepsPerEpoch + s;
      Rng rng = Rng.of(options.seed(), AUGMENT_STREAM + global);
      batch.fill(order, s * rows, options.augmentation(), rng);
      float loss =
          step.run(
              batch.images.pixels(), batch.labels, batch.augment, rate.at(global), 1, 0, AVERAGING);
      lossSum += loss;
      listener.step(position(state.epoch(), s + 1, train, options.phaseOf(state.epoch())), loss);
      long now = System.nanoTime();
      if (now - saved >= saveInterval.toNanos() && s + 1 < stepsPerEpoch) {
        PretrainState middle =
            state.advance(learner, s + 1, lossSum, state.seconds() + (now - started) * 1e-9);
        checkpoint.save(recipe, middle);
        saved = now;
      }
    }
    double seconds = state.seconds() + (System.nanoTime() - started) * 1e-9;
    return state.advance(learner, (int) stepsPerEpoch, lossSum, seconds);
  }

  private long totalSteps(ImageSet train) {
    return (long) (train.size() / options.miniBatch()) * options.epochs();
  }

  private Position position(
      int epoch, int stepInEpoch, ImageSet train, PretrainOptions.Phase phase) {
    long stepsPerEpoch = train.size() / options.miniBatch();
    return new Position(
        epoch,
        options.epochs(),
        epoch * stepsPerEpoch + stepInEpoch,
        totalSteps(train),
        phase.imageSize(),
        options.pixelsBefore(epoch + (double) stepInEpoch / stepsPerEpoch)
            / options.pixelsBefore(options.epochs()));
  }

  private double accuracy(Inference inference, ImageSet images) {
    int classes = images.classNames().size();
    Batch batch = new Batch(images, inference.miniBatch());
    int[] all = new int[images.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    float[] logits = new float[inference.miniBatch() * classes];
    int right = 0;
    for (int from = 0; from < all.length; from += inference.miniBatch()) {
      int rows = Math.min(inference.miniBatch(), all.length - from);
      batch.fill(all, from, rows);
      inference.run(batch.images.pixels(), rows, logits);
      for (int row = 0; row < rows; row++) {
        right += Scores.best(logits, row * classes, classes) == batch.labels[row] ? 1 : 0;
      }
    }
    return (double) right / all.length;
  }

  /** One mini-batch of images and labels, filled again and again. */
  private static final class Batch {
    final ImageRows images;
    final int[] labels;
    final int[] augment;
    private final ImageSet source;

    Batch(ImageSet source, int rows) {
      this.source = source;
      images = new ImageRows(rows, source.channels(), source.height(), source.width());
      labels = new int[rows];
      augment = new int[3 * rows];
    }

    /** Fills all rows with images that are varied. */
    void fill(int[] order, int from, Augmentation augmentation, Rng rng) {
      fill(order, from, labels.length);
      augmentation.draw(rng, labels.length, source.width(), augment);
      if (augmentation.crops()) {
        crop(augmentation.cropArea(), rng);
      }
      if (augmentation.mixes()) {
        mix(augmentation.cutMix(), rng);
      }
    }

    /** Pairs images of the mini-batch, whose order is random already. */
    private void mix(double share, Rng rng) {
      CutMix mix = new CutMix(source.channels(), source.height(), source.width());
      int bytes = images.pixels().length / labels.length;
      byte[] whole = images.pixels().clone();
      int[] own = labels.clone();
      for (int row = 0; row < labels.length; row++) {
        if (rng.nextDouble() < share) {
          int other = rng.nextInt(labels.length);
          CutMix.Window window = mix.draw(rng);
          mix.paste(whole, other * bytes, window, images.pixels(), row * bytes);
          labels[row] = mix.takesLabel(window, rng) ? own[other] : own[row];
        }
      }
    }

    private void crop(double leastArea, Rng rng) {
      RandomResizedCrop crop =
          new RandomResizedCrop(source.channels(), source.height(), source.width());
      RandomResizedCrop.Window[] windows = new RandomResizedCrop.Window[labels.length];
      Arrays.setAll(windows, row -> crop.draw(rng, leastArea));
      int bytes = images.pixels().length / labels.length;
      byte[] whole = images.pixels().clone();
      IntStream.range(0, labels.length)
          .parallel()
          .forEach(
              row -> crop.apply(whole, row * bytes, windows[row], images.pixels(), row * bytes));
    }

    void fill(int[] order, int from, int rows) {
      images.read(source, order, from, rows);
      for (int row = 0; row < rows; row++) {
        labels[row] = source.label(order[from + row]);
      }
    }
  }
}
