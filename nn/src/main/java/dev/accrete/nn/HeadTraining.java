package dev.accrete.nn;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.MatMul;

/**
 * A compiled step that trains the head alone, on features a frozen backbone gave once. Not
 * thread-safe.
 */
public final class HeadTraining implements AutoCloseable {
  private final Learner learner;
  private final Plan plan;
  private final Value.Input features;
  private final StepInputs inputs;

  HeadTraining(Learner learner, TrainingSpec spec) {
    this.learner = learner;
    Network network = learner.network();
    TrainingSpec headOnly = spec.withTrainable(p -> p.role() == Role.HEAD);
    Graph.Builder graph = Graph.builder();
    features = graph.input("features", TensorType.f32(spec.miniBatch(), network.featureSize()));
    inputs = new StepInputs(graph, network, headOnly);
    Value logits = graph.one(new MatMul(false, true), features, learner.variables().head());
    Value loss = inputs.loss(graph, logits);
    Autodiff.backward(graph, loss, Updates.destinations(learner, headOnly));
    Updates.append(graph, inputs.learningRate(), learner, headOnly);
    plan = learner.compile(graph.build());
    inputs.prepare(plan);
  }

  /**
   * Trains on one mini-batch.
   *
   * @param features f32 [miniBatch, featureSize], as {@link Inference} gives them
   * @param labels one per row; -1 = the row takes no part in the loss
   * @return the mean loss of the labelled rows, before the update
   * @throws IllegalArgumentException if an array has the wrong length or a label is out of range
   * @throws NumericalException if the loss is not finite; the head is then spoilt
   */
  public float run(float[] features, int[] labels, float learningRate) {
    inputs.checkLabels(labels);
    plan.write(this.features, features);
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
