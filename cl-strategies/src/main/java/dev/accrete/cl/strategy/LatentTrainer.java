package dev.accrete.cl.strategy;

import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentTraining;
import dev.accrete.nn.Learner;
import dev.accrete.nn.NumericalException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Trains the upper part of a cut network whose lower part is frozen: the lower part gives the
 * latent of every image once, and all epochs train on these and on those of a memory.
 */
final class LatentTrainer {
  /** What a compiled step depends on. */
  private record StepKey(Recipe recipe, Phase phase, int miniBatch) {}

  private final Learner learner;
  private final Cut cut;
  private final LatentSource source;
  private final Recipe recipe;
  private final Hyperparameters settings;
  private final long seed;
  private final int length;
  private @Nullable StepKey compiledFor;
  private @Nullable LatentTraining compiled;

  LatentTrainer(
      Learner learner,
      Cut cut,
      LatentSource source,
      Recipe recipe,
      Hyperparameters settings,
      long seed) {
    this.learner = learner;
    this.cut = cut;
    this.source = source;
    this.recipe = recipe;
    this.settings = settings;
    this.seed = seed;
    length = cut.latent().size();
  }

  /**
   * Trains {@code phase.epochs()} epochs on {@code images} and {@code memory}, with a solver
   * started anew. Returns the latents of the images.
   */
  float[][] train(
      int experience,
      LabelledImages images,
      LatentMemory memory,
      Phase phase,
      Work work,
      Progress progress) {
    float[][] latents = latents(images, work);
    int count = images.count();
    MiniBatches batches =
        new MiniBatches(seed, experience, count, memory.size(), settings.miniBatch());
    LatentTraining step = step(new StepKey(recipe, phase, batches.size()));
    learner.resetMomentum();
    float[] input = new float[batches.size() * length];
    int[] labels = new int[batches.size()];
    int[] rows = new int[batches.size()];
    work.holds(
        learner.bytes() + images.bytes() + memory.bytes() + 4L * length * (count + rows.length));
    for (int epoch = 0; epoch < phase.epochs(); epoch++) {
      int[] order = batches.order(epoch);
      int[] replayOrder = batches.replayOrder(epoch);
      for (int s = 0; s < batches.steps(); s++) {
        batches.rows(order, replayOrder, s, rows);
        for (int row = 0; row < rows.length; row++) {
          if (rows[row] < count) {
            System.arraycopy(latents[rows[row]], 0, input, row * length, length);
            labels[row] = images.label(rows[row]);
          } else {
            memory.read(rows[row] - count, input, row * length);
            labels[row] = memory.label(rows[row] - count);
          }
        }
        try {
          step.run(
              input, labels, phase.learningRate(), phase.rMax(), phase.dMax(), phase.averaging());
        } catch (NumericalException e) {
          throw new NetworkTrainer.Place(experience, epoch, s).locate(e);
        }
        work.addMacs(step.macs());
        progress.report(epoch * count + batches.through(s), phase.epochs() * count);
      }
    }
    work.addImages(phase.epochs() * count);
    return latents;
  }

  private float[][] latents(LabelledImages images, Work work) {
    float[][] latents = new float[images.count()][];
    work.addMacs(
        source.extract(
            images.set(),
            images.indices(),
            (i, values, offset) ->
                latents[i] = Arrays.copyOfRange(values, offset, offset + length)));
    return latents;
  }

  private LatentTraining step(StepKey key) {
    LatentTraining step = compiled;
    if (step == null || !key.equals(compiledFor)) {
      if (step != null) {
        step.close();
      }
      step =
          learner.compileLatentTraining(
              cut, key.recipe.spec(learner.network(), settings, key.phase, key.miniBatch));
      compiled = step;
      compiledFor = key;
    }
    return step;
  }
}
