package dev.accrete.cl.strategy;

import dev.accrete.nn.HeadTraining;
import dev.accrete.nn.Learner;
import dev.accrete.nn.NumericalException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Trains the head alone, on features that the frozen network below it gives once per image. */
final class HeadTrainer {
  private final Learner learner;
  private final Evaluator evaluator;
  private final Hyperparameters settings;
  private final long seed;
  private final int featureSize;
  private int compiledFor;
  private @Nullable HeadTraining compiled;

  HeadTrainer(Learner learner, Evaluator evaluator, Hyperparameters settings, long seed) {
    this.learner = learner;
    this.evaluator = evaluator;
    this.settings = settings;
    this.seed = seed;
    this.featureSize = learner.network().featureSize();
  }

  /** Trains {@code phase.epochs()} epochs on {@code images}, with a solver started anew. */
  void train(int experience, LabelledImages images, Phase phase, Work work, Progress progress) {
    float[][] features = new float[images.count()][];
    work.addMacs(
        evaluator.features(
            images.set(),
            images.indices(),
            (i, values, offset) ->
                features[i] = Arrays.copyOfRange(values, offset, offset + featureSize)));
    MiniBatches batches = new MiniBatches(seed, experience, images.count(), settings.miniBatch());
    HeadTraining step = step(phase, batches.size());
    learner.resetMomentum();
    float[] input = new float[batches.size() * featureSize];
    int[] labels = new int[batches.size()];
    int[] positions = new int[batches.size()];
    work.holds(
        learner.bytes() + images.bytes() + 4L * featureSize * (images.count() + batches.size()));
    int total = phase.epochs() * images.count();
    for (int epoch = 0; epoch < phase.epochs(); epoch++) {
      int[] order = batches.order(epoch);
      for (int s = 0; s < batches.steps(); s++) {
        batches.rows(order, s, positions);
        for (int row = 0; row < positions.length; row++) {
          System.arraycopy(features[positions[row]], 0, input, row * featureSize, featureSize);
          labels[row] = images.label(positions[row]);
        }
        try {
          step.run(input, labels, phase.learningRate());
        } catch (NumericalException e) {
          throw new NetworkTrainer.Place(experience, epoch, s).locate(e);
        }
        work.addMacs(step.macs());
        progress.report(epoch * images.count() + batches.through(s), total);
      }
    }
    work.addImages(total);
  }

  private HeadTraining step(Phase phase, int miniBatch) {
    HeadTraining step = compiled;
    if (step == null || compiledFor != miniBatch) {
      if (step != null) {
        step.close();
      }
      step =
          learner.compileHeadTraining(
              Recipe.headAlone().spec(learner.network(), settings, phase, miniBatch));
      compiled = step;
      compiledFor = miniBatch;
    }
    return step;
  }
}
