package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Rng;
import dev.accrete.nn.Learner;
import dev.accrete.nn.LearningRate;
import dev.accrete.nn.Network;
import dev.accrete.nn.NumericalException;
import dev.accrete.nn.TrainingStep;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Trains a learner's network on one experience after the other. It holds one compiled step at a
 * time, for mini-batches are the largest thing in memory, and compiles anew when the part of the
 * stream or the size changes.
 */
final class NetworkTrainer {
  /** What a compiled step depends on. */
  private record StepKey(boolean first, Phase phase, int miniBatch) {}

  private final Learner learner;
  private final Solver solver;
  private final Steps steps;
  private final long seed;
  private @Nullable StepKey compiledFor;
  private @Nullable TrainingStep compiled;

  NetworkTrainer(Learner learner, Solver solver, Steps steps, long seed) {
    this.learner = learner;
    this.solver = solver;
    this.steps = steps;
    this.seed = seed;
  }

  /**
   * Trains {@code phase.epochs()} epochs on {@code images}, with a solver started anew.
   *
   * @param first whether the limits of renormalization rise during the training, as in the first
   *     experience, or are there from the first step
   */
  void train(
      int experience,
      LabelledImages images,
      boolean first,
      Phase phase,
      Work work,
      ProgressListener progress) {
    train(experience, images, first, phase, Annealing.CONSTANT, work, progress);
  }

  /** The same with a learning rate that changes from step to step. */
  void train(
      int experience,
      LabelledImages images,
      boolean first,
      Phase phase,
      Annealing annealing,
      Work work,
      ProgressListener progress) {
    MiniBatches batches = new MiniBatches(seed, experience, images.count(), solver.miniBatch());
    TrainingStep step = step(new StepKey(first, phase, batches.size()));
    RenormSchedule schedule =
        first
            ? RenormSchedule.rising(solver, phase, phase.epochs() * batches.steps())
            : RenormSchedule.constant(phase);
    learner.resetMomentum();
    // An experience has fewer than 2^32 steps, so that no two steps of a stream share their masks.
    step.drawDropout(seed, (long) experience << 32);
    MiniBatch rows = new MiniBatch(learner, batches.size());
    work.holds(learner.bytes() + images.bytes() + rows.bytes());
    int total = phase.epochs() * images.count();
    LearningRate rate =
        annealing.rate(phase.learningRate(), (long) phase.epochs() * batches.steps());
    for (int epoch = 0; epoch < phase.epochs(); epoch++) {
      int[] order = batches.order(epoch);
      Rng flips = batches.flips(epoch);
      for (int s = 0; s < batches.steps(); s++) {
        batches.rows(order, s, rows.positions);
        images.read(rows.positions, rows.images, rows.labels);
        if (solver.augment()) {
          rows.augment(flips, solver.shift());
        }
        int number = epoch * batches.steps() + s;
        RenormSchedule.Limits limits = schedule.at(number);
        run(step, rows, phase, rate.at(number), limits, new Place(experience, epoch, s));
        work.addMacs(step.macs());
        progress.progress((long) epoch * images.count() + batches.through(s), total);
      }
    }
    work.addImages(total);
  }

  private static void run(
      TrainingStep step,
      MiniBatch rows,
      Phase phase,
      float rate,
      RenormSchedule.Limits limits,
      Place place) {
    try {
      step.run(
          rows.images.pixels(),
          rows.labels,
          rows.augment,
          rate,
          limits.rMax(),
          limits.dMax(),
          phase.averaging());
    } catch (NumericalException e) {
      throw place.locate(e);
    }
  }

  private TrainingStep step(StepKey key) {
    TrainingStep step = compiled;
    if (step == null || !key.equals(compiledFor)) {
      release();
      step = learner.compileTraining(steps.spec(key.first, key.phase, key.miniBatch));
      compiled = step;
      compiledFor = key;
    }
    return step;
  }

  /** Frees the compiled step. */
  void release() {
    if (compiled != null) {
      compiled.close();
      compiled = null;
      compiledFor = null;
    }
  }

  /** A place in a stream, for errors. Components count from 0; messages, like people, from 1. */
  record Place(int experience, int epoch, int step) {
    NumericalException locate(NumericalException cause) {
      NumericalException located =
          new NumericalException(
              String.format(
                  Locale.ROOT,
                  "experience %d, epoch %d, step %d: %s",
                  experience + 1,
                  epoch + 1,
                  step + 1,
                  cause.getMessage()));
      located.initCause(cause);
      return located;
    }
  }

  /** The rows of one mini-batch. */
  private static final class MiniBatch {
    final int[] positions;
    final ImageRows images;
    final int[] labels;
    final int[] augment;
    final int side;

    MiniBatch(Learner learner, int size) {
      Network network = learner.network();
      positions = new int[size];
      images = new ImageRows(size, network.channels(), network.height(), network.width());
      labels = new int[size];
      augment = new int[3 * size];
      side = network.height();
    }

    /** Draws a flip and, if there are shifts, two of them for every image. */
    void augment(Rng rng, double shift) {
      int most = (int) (shift * side);
      for (int i = 0; i < positions.length; i++) {
        augment[3 * i] = rng.nextInt(2);
        if (most > 0) {
          augment[3 * i + 1] = rng.nextInt(2 * most + 1) - most;
          augment[3 * i + 2] = rng.nextInt(2 * most + 1) - most;
        }
      }
    }

    long bytes() {
      return images.pixels().length + 4L * (positions.length + labels.length + augment.length);
    }
  }
}
