package dev.accrete.bench.own;

import dev.accrete.bench.work.Engine;
import dev.accrete.bench.work.InferenceWorkload;
import dev.accrete.bench.work.Workload;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Inference;
import dev.accrete.nn.Learner;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import java.util.ArrayList;
import java.util.List;

/** Our own forward pass, from image bytes to logits. */
public final class InferenceEngine implements Engine {
  private final Backend backend;
  private final Learner learner;
  private final Inference inference;
  private final byte[] images;
  private final float[] logits;

  private InferenceEngine(Backend backend, Learner learner, int miniBatch) {
    this.backend = backend;
    this.learner = learner;
    inference = learner.compileInference(miniBatch);
    images = TrainingEngine.images(learner.network(), miniBatch);
    logits = new float[miniBatch * learner.network().classes()];
  }

  /** An engine with freshly initialized weights. */
  public static InferenceEngine create(InferenceWorkload workload) {
    Backend backend = Backends.create(workload.backend(), new BackendOptions(workload.threads()));
    Network network = MobileNetV1.of(workload.width(), Workload.CLASSES, workload.size());
    return new InferenceEngine(
        backend, TrainingEngine.learner(backend, network), workload.miniBatch());
  }

  @Override
  public String name() {
    return "accrete, backend " + backend.name();
  }

  @Override
  public long macs() {
    return inference.macsPerImage() * inference.miniBatch();
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
    inference.run(images, inference.miniBatch(), logits);
    return 0;
  }

  /** The logits of the last run: [mini-batch, classes]. */
  public float[] logits() {
    return logits;
  }

  @Override
  public void verify() {
    boolean varied = false;
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new AccreteException(name() + " gave a logit of " + logit);
      }
      varied |= logit != logits[0];
    }
    if (!varied) {
      throw new AccreteException(name() + " gave " + logits[0] + " as every logit");
    }
  }

  /** The logits of the last image. */
  @Override
  public List<List<Double>> proof() {
    int classes = learner.network().classes();
    List<Double> last = new ArrayList<>();
    for (int i = logits.length - classes; i < logits.length; i++) {
      last.add((double) logits[i]);
    }
    return List.of(last);
  }

  @Override
  public void close() {
    learner.close();
    backend.close();
  }
}
