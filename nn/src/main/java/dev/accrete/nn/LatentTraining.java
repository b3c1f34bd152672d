package dev.accrete.nn;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Scope;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A compiled step that trains the upper part of a cut network on latents; the lower part, moments
 * included, stays as it is. Cut below the head, it trains the head alone on features. Not
 * thread-safe.
 */
public final class LatentTraining implements AutoCloseable {
  private final Learner learner;
  private final Plan plan;
  private final Value.Input latents;
  private final DropoutKeys dropout;
  private final StepInputs inputs;

  LatentTraining(Learner learner, Cut cut, TrainingSpec whole) {
    this.learner = learner;
    TrainingSpec spec = whole.withTrainable(p -> cut.isAbove(p) && whole.trainable().test(p));
    Graph.Builder graph = Graph.builder();
    latents = graph.input("latents", type(spec.miniBatch(), cut.latent()));
    inputs = new StepInputs(graph, learner.network(), spec);
    Scope scope = Scope.withDropout(graph, inputs.norms(spec.norm()), learner.variables());
    Value loss = inputs.loss(graph, cut.upper(scope, latents).logits());
    dropout = new DropoutKeys(scope);
    Autodiff.backward(graph, loss, Updates.destinations(learner, spec));
    Updates.append(graph, inputs.learningRate(), learner, spec);
    plan = learner.compile(graph.build());
    inputs.prepare(plan);
  }

  private static TensorType type(int rows, Shape latent) {
    int[] dimensions =
        IntStream.concat(IntStream.of(rows), Arrays.stream(latent.toArray())).toArray();
    return TensorType.f32(Shape.of(dimensions));
  }

  /**
   * Trains on one mini-batch.
   *
   * @param latents f32, miniBatch times the shape {@link Cut#latent()}, as {@link LatentExtraction}
   *     and {@link Inference} give them
   * @param labels one per row; -1 = the row takes no part in the loss
   * @param rMax the limit of r in batch renormalization, at least 1; other norms ignore it
   * @param dMax the limit of d, at least 0; likewise
   * @param averaging the weight of the old moving moments, in [0, 1]
   * @return the mean loss of the labelled rows, before the update
   * @throws IllegalArgumentException if an array has the wrong length or a label is out of range
   * @throws NumericalException if the loss is not finite; the state is then spoilt
   */
  public float run(
      float[] latents, int[] labels, float learningRate, float rMax, float dMax, float averaging) {
    inputs.checkLabels(labels);
    plan.write(this.latents, latents);
    inputs.writeLimits(plan, rMax, dMax, averaging);
    if (!dropout.isEmpty()) {
      dropout.write(plan, Arrays.hashCode(latents), Arrays.hashCode(labels));
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
