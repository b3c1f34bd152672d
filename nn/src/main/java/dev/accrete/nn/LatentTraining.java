package dev.accrete.nn;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A compiled step that trains the upper part of a cut network on latents from banks; the lower
 * part, moments included, stays as it is. Cut below the head, it trains the head alone on features.
 * Not thread-safe.
 */
public final class LatentTraining implements AutoCloseable {
  private final Learner learner;
  private final Plan plan;
  private final Value.Input rows;
  private final int cells;
  private final DropoutKeys dropout;
  private final StepInputs inputs;

  LatentTraining(Learner learner, Cut cut, TrainingSpec whole, List<LatentBank> banks) {
    this.learner = learner;
    for (LatentBank bank : banks) {
      if (!bank.latent().equals(cut.latent())) {
        throw new IllegalArgumentException(
            "a bank of latents " + bank.latent() + " cannot feed a cut of " + cut.latent());
      }
    }
    cells = banks.stream().mapToInt(LatentBank::cells).sum();
    TrainingSpec spec = whole.withTrainable(p -> cut.isAbove(p) && whole.trainable().test(p));
    Graph.Builder graph = Graph.builder();
    rows = graph.input("rows", TensorType.i32(spec.miniBatch()));
    Value latents = LatentBank.gather(graph, rows, banks);
    inputs = new StepInputs(graph, learner.network(), spec);
    Scope scope = Scope.withDropout(graph, inputs.norms(spec.norm()), learner.variables());
    Value loss = inputs.loss(graph, cut.upper(scope, latents).logits());
    dropout = new DropoutKeys(scope);
    Autodiff.backward(graph, loss, Updates.destinations(learner, spec));
    Updates.append(graph, inputs.learningRate(), learner, spec);
    plan = learner.compile(graph.build(), banks);
    inputs.prepare(plan);
  }

  /**
   * Trains on one mini-batch.
   *
   * <p>The masks of dropout, if the upper part has any, are a function of rows and labels alone, so
   * that a resumed run draws the same ones.
   *
   * @param rows the cells of the mini-batch's latents, counted through the banks
   * @param labels one per row; -1 = the row takes no part in the loss
   * @param rMax the limit of r in batch renormalization, at least 1; other norms ignore it
   * @param dMax the limit of d, at least 0; likewise
   * @param averaging the weight of the old moving moments, in [0, 1]
   * @return the mean loss of the labelled rows, before the update
   * @throws IllegalArgumentException if an array has the wrong length or a label is out of range
   * @throws IndexOutOfBoundsException if a bank has no such cell
   * @throws NumericalException if the loss is not finite; the state is then spoilt
   */
  public float run(
      int[] rows, int[] labels, float learningRate, float rMax, float dMax, float averaging) {
    inputs.checkLabels(labels);
    for (int row : rows) {
      Objects.checkIndex(row, cells);
    }
    plan.write(this.rows, rows);
    inputs.writeLimits(plan, rMax, dMax, averaging);
    if (!dropout.isEmpty()) {
      dropout.write(plan, Arrays.hashCode(rows), Arrays.hashCode(labels));
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
