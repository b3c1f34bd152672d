package dev.accrete.bench.own;

import dev.accrete.bench.work.Engine;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.Workload;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Learner;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.NormKind;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.TrainingStep;
import java.util.List;
import java.util.SplittableRandom;

/** Our own training step, from image bytes to updated weights. */
public final class TrainingEngine implements Engine {
  private static final float AVERAGING = 0.9f;

  private final Backend backend;
  private final Learner learner;
  private final TrainingStep step;
  private final byte[] images;
  private final int[] labels;
  private final int[] augment;

  private TrainingEngine(Backend backend, Learner learner, TrainingStep step) {
    this.backend = backend;
    this.learner = learner;
    this.step = step;
    int miniBatch = step.spec().miniBatch();
    images = images(learner.network(), miniBatch);
    labels = new int[miniBatch];
    for (int i = 0; i < miniBatch; i++) {
      labels[i] = i % learner.network().classes();
    }
    augment = new int[3 * miniBatch];
  }

  /** An engine with freshly initialized weights. */
  public static TrainingEngine create(TrainingWorkload workload) {
    Backend backend = Backends.create(workload.backend(), new BackendOptions(workload.threads()));
    Network network = MobileNetV1.of(workload.width(), Workload.CLASSES, workload.size());
    Learner learner = learner(backend, network);
    TrainingSpec spec =
        TrainingSpec.builder(network, workload.miniBatch())
            .norm(NormKind.BATCH)
            .momentum(TrainingWorkload.MOMENTUM, false)
            // Of every parameter, as the peers do; the trainer's default spares scales and shifts.
            .weightDecay(parameter -> TrainingWorkload.WEIGHT_DECAY)
            .build();
    return new TrainingEngine(backend, learner, learner.compileTraining(spec));
  }

  /** A learner with freshly initialized weights. */
  public static Learner learner(Backend backend, Network network) {
    Learner learner = new Learner(backend, network, Preprocessing.imageNet());
    learner.initialize(network.initialWeights(Workload.SEED), network.initialMoments());
    return learner;
  }

  /** Random pixels: u8 [miniBatch, C, H, W]. */
  public static byte[] images(Network network, int miniBatch) {
    byte[] images = new byte[miniBatch * network.channels() * network.height() * network.width()];
    new SplittableRandom(Workload.SEED).nextBytes(images);
    return images;
  }

  @Override
  public String name() {
    return "accrete, backend " + backend.name();
  }

  @Override
  public long parameters() {
    return learner.network().parameters().count();
  }

  @Override
  public long macs() {
    return step.macs();
  }

  @Override
  public long bytes() {
    return learner.bytes();
  }

  @Override
  public List<String> remarks() {
    return List.of("backend: " + backend.description());
  }

  @Override
  public double run() {
    return step.run(images, labels, augment, TrainingWorkload.LEARNING_RATE, 1, 0, AVERAGING);
  }

  @Override
  public void close() {
    learner.close();
    backend.close();
  }
}
