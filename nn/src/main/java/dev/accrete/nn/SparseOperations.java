package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Rng;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Best;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.UnpackSelected;
import dev.accrete.nn.SparseImportance.Criterion;
import java.util.List;
import java.util.function.Predicate;

/**
 * The graphs of sparse importance. At the end of an experience they need the cumulative path and
 * the importance of all weights for a moment; gradients and momentum, which nobody needs then, lend
 * their memory.
 */
final class SparseOperations {
  private final SparseImportance importance;
  private final SparseVariables sparse;
  private final Variables variables;
  private final Parameters parameters;

  SparseOperations(SparseImportance importance, SparseVariables sparse, Learner learner) {
    this.importance = importance;
    this.sparse = sparse;
    this.variables = learner.variables();
    this.parameters = learner.network().parameters();
  }

  /** One number for each parameter, of which the random choice takes the largest. */
  float[] lots() {
    Rng rng = Rng.of(importance.seed(), 0);
    float[] lots = new float[parameters.size()];
    for (int i = 0; i < lots.length; i++) {
      lots[i] = (float) rng.nextDouble();
    }
    return lots;
  }

  /** Chooses by scores that are handed in. */
  void select(Graph.Builder graph, String scores) {
    select(graph, graph.input(scores, TensorType.f32(parameters.size())), Best.LARGEST);
  }

  private void select(Graph.Builder graph, Value scores, Best best) {
    graph.apply(
        new SelectParameters(importance.groups(parameters), best),
        List.of(scores),
        List.of(
            new Graph.Destination(0, sparse.bits().view()),
            new Graph.Destination(1, sparse.before().view())));
  }

  /**
   * The end of an experience: turns the trajectory into importance, chooses the weights that keep
   * theirs, and makes their present values the anchors. Leaves the importance of all weights in the
   * memory of the momentum.
   */
  void update(Graph.Builder graph, SynapticImportance op) {
    Value.View weights = variables.flat(variables.weights());
    Value.View start = variables.flat(variables.start());
    Value.View trajectory = variables.flat(variables.trajectory());
    Value.View cumulative = variables.flat(variables.gradients());
    graph.apply(
        new UnpackSelected(parameters.size()),
        List.of(sparse.cumulative().view(), sparse.bits().view(), sparse.before().view()),
        List.of(new Graph.Destination(0, cumulative)));
    graph.apply(
        op,
        List.of(weights, start, trajectory, cumulative),
        List.of(
            new Graph.Destination(0, variables.flat(variables.momentum())),
            new Graph.Destination(1, cumulative),
            new Graph.Destination(2, trajectory),
            new Graph.Destination(3, start)));
    switch (importance.criterion()) {
      case TOP -> select(graph, cumulative, Best.SMALLEST);
      case MAGNITUDE -> select(graph, weights, Best.MAGNITUDE);
      case RANDOM -> {}
    }
    pack(graph, cumulative, sparse.cumulative());
    sparse.anchors().ifPresent(anchors -> pack(graph, weights, anchors));
    StateOperations.zero(graph, cumulative);
  }

  /** Makes the present weights the anchors. */
  void anchor(Graph.Builder graph) {
    Variable anchors =
        sparse
            .anchors()
            .orElseThrow(() -> new IllegalStateException("this sparse importance has no anchors"));
    pack(graph, variables.flat(variables.weights()), anchors);
  }

  private void pack(Graph.Builder graph, Value values, Variable packed) {
    graph.apply(
        new PackSelected(sparse.count()),
        List.of(values, sparse.bits().view(), sparse.before().view()),
        List.of(new Graph.Destination(0, packed.view())));
  }

  /** What may have importance. */
  Predicate<Parameter> candidates() {
    return importance.candidates();
  }

  /** Whether the choice is made once, before the first experience. */
  boolean choosesOnce() {
    return importance.criterion() == Criterion.RANDOM;
  }

  /**
   * The share of the candidates' importance that the chosen weights have; 1 if there is none.
   *
   * @param all the importance of all weights, 0 for those that are no candidates
   * @param cumulative the packed paths of the chosen ones
   * @param max the largest importance
   */
  static double retained(float[] all, float[] cumulative, float max) {
    double total = 0;
    for (float f : all) {
      total += f;
    }
    double kept = 0;
    for (float path : cumulative) {
      kept += Math.clamp(-path, 0f, max);
    }
    return total == 0 ? 1 : kept / total;
  }
}
