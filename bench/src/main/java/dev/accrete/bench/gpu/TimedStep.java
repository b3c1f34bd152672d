package dev.accrete.bench.gpu;

import dev.accrete.core.Backend;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.LatentTraining;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.TrainingStep;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A learner and one step that trains it on one mini-batch, always the same. */
final class TimedStep implements AutoCloseable {
  /** What AR1* allows renormalization after the first experience. */
  private static final float R_MAX = 1.25f;

  private static final float D_MAX = 0.5f;
  private static final float AVERAGING = 0.99f;
  private static final float LEARNING_RATE = 0.01f;
  private static final long SEED = 1;

  private final Learner learner;
  private final Plan plan;
  private final Run run;
  private boolean adapted;

  /** Takes the step, and returns the loss before it. */
  private interface Run {
    float step(float rMax, float dMax, float averaging);
  }

  TimedStep(Backend backend, Network network, StepKind kind, int miniBatch) {
    RecordingBackend recording = new RecordingBackend(backend);
    learner = learner(recording, network);
    TrainingSpec spec = kind.spec(network, miniBatch);
    int[] labels = new int[miniBatch];
    for (int i = 0; i < miniBatch; i++) {
      labels[i] = i % network.classes();
    }
    if (kind == StepKind.LATENT_REPLAY) {
      Cut cut = network.cutAfter(StepKind.LATENT_LAYER);
      LatentBank bank = bank(cut, miniBatch);
      int[] rows = IntStream.range(0, miniBatch).toArray();
      LatentTraining step = learner.compileLatentTraining(cut, spec, List.of(bank));
      run = (rMax, dMax, averaging) -> step.run(rows, labels, LEARNING_RATE, rMax, dMax, averaging);
    } else {
      TrainingStep step = learner.compileTraining(spec);
      byte[] images = images(network, miniBatch);
      int[] augment = new int[3 * miniBatch];
      run =
          (rMax, dMax, averaging) ->
              step.run(images, labels, augment, LEARNING_RATE, rMax, dMax, averaging);
    }
    plan = recording.lastPlan();
  }

  /** A learner with freshly initialized weights. */
  private static Learner learner(Backend backend, Network network) {
    Learner learner = new Learner(backend, network, Preprocessing.imageNet());
    learner.initialize(network.initialWeights(SEED), network.initialMoments());
    return learner;
  }

  /** Random pixels. */
  private static byte[] images(Network network, int count) {
    byte[] images = new byte[count * network.channels() * network.height() * network.width()];
    new SplittableRandom(SEED).nextBytes(images);
    return images;
  }

  /** Activations after a ReLU: half of them are 0. */
  private LatentBank bank(Cut cut, int count) {
    LatentBank bank =
        learner.allocateLatents("latents", cut.latent(), count, LatentBank.Storage.F32);
    Rng rng = Rng.of(SEED, 0);
    float[] latents = new float[count * cut.latent().size()];
    for (int i = 0; i < latents.length; i++) {
      latents[i] = (float) Math.max(0, 2 * rng.nextDouble() - 1);
    }
    bank.setValues(latents);
    return bank;
  }

  Learner learner() {
    return learner;
  }

  /** What the step was compiled to. */
  Plan plan() {
    return plan;
  }

  /**
   * Trains once, from what is in the memory of the host. The first time the mini-batch's moments
   * become the moving ones, as after a first experience; else the limits of renormalization would
   * make random weights explode.
   *
   * @return the loss before the update
   * @throws dev.accrete.nn.NumericalException if it is not finite
   */
  float step() {
    boolean first = !adapted;
    adapted = true;
    return first ? run.step(1, 0, 0) : run.step(R_MAX, D_MAX, AVERAGING);
  }

  @Override
  public void close() {
    learner.close();
  }
}
