package dev.accrete.nn;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Scope;

/**
 * One compiled step of training: normalize, forward, loss, backward, update. Weights, moments,
 * momentum and trajectory change in place. Not thread-safe.
 */
public final class TrainingStep implements AutoCloseable {
  private final Learner learner;
  private final TrainingSpec spec;
  private final Plan plan;
  private final Value.Input images;
  private final Value.Input augment;
  private final DropoutKeys dropout;
  private final StepInputs inputs;
  private long dropoutSeed;
  private long dropoutStep;

  TrainingStep(Learner learner, TrainingSpec spec) {
    this.learner = learner;
    this.spec = spec;
    Network network = learner.network();
    Graph.Builder graph = Graph.builder();
    int n = spec.miniBatch();
    images =
        graph.input(
            "images",
            TensorType.u8(n, network.channels(), spec.sourceHeight(), spec.sourceWidth()));
    augment = graph.input("augment", TensorType.i32(n, 3));
    Value normalized =
        graph.one(learner.preprocessing().op(network.height(), network.width()), images, augment);
    inputs = new StepInputs(graph, network, spec);
    Scope scope = Scope.withDropout(graph, inputs.norms(spec.norm()), learner.variables());
    Network.Forward forward = network.forward(scope, normalized);
    dropout = new DropoutKeys(scope);
    Value loss = inputs.loss(graph, forward.logits());
    Autodiff.backward(graph, loss, Updates.destinations(learner, spec));
    Updates.append(graph, inputs.learningRate(), learner, spec);
    plan = learner.compile(graph.build());
    inputs.prepare(plan);
  }

  /** The spec this step was compiled from. */
  public TrainingSpec spec() {
    return spec;
  }

  /**
   * Settles which masks dropout draws from now on: those of {@code (seed, step)}, {@code (seed,
   * step + 1)}, and so on. Without it they begin at (0, 0). Whoever resumes says where, and gets
   * the masks of a training that was never interrupted.
   *
   * @param step any number that no other step of this training has
   */
  public void drawDropout(long seed, long step) {
    dropoutSeed = seed;
    dropoutStep = step;
  }

  /**
   * Trains on one mini-batch.
   *
   * <p>The masks of dropout, if the network has any, are those of the next step; see {@link
   * #drawDropout}.
   *
   * @param images u8 planar [miniBatch, C, sourceHeight, sourceWidth]
   * @param labels one per image; -1 = the row takes no part in the loss
   * @param augment (flip, top, left) per image, see {@link dev.accrete.core.op.NormalizeImage}
   * @param rMax the limit of r in batch renormalization, at least 1; other norms ignore it
   * @param dMax the limit of d, at least 0; likewise
   * @param averaging the weight of the old moving moments, in [0, 1]; fixed norms ignore it
   * @return the mean loss of the labelled rows, before the update
   * @throws IllegalArgumentException if an array has the wrong length or a label is out of range
   * @throws NumericalException if the loss is not finite; the state is then spoilt
   */
  public float run(
      byte[] images,
      int[] labels,
      int[] augment,
      float learningRate,
      float rMax,
      float dMax,
      float averaging) {
    inputs.checkLabels(labels);
    plan.write(this.images, images);
    plan.write(this.augment, augment);
    inputs.writeLimits(plan, rMax, dMax, averaging);
    if (!dropout.isEmpty()) {
      dropout.write(plan, dropoutSeed, dropoutStep++);
    }
    return inputs.step(plan, labels, learningRate);
  }

  /** Multiply-accumulates of one step. */
  public long macs() {
    return plan.graph().macs();
  }

  /** Bytes this step holds beyond the learner's store. */
  public long bytes() {
    return plan.bytes();
  }

  @Override
  public void close() {
    learner.release(plan);
  }
}
