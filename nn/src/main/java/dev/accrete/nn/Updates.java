package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SparseSgdSynaptic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Appends what follows the backward pass: gradients go to their variable, then one flat update. */
final class Updates {
  private Updates() {}

  /** The weights that train -> where their gradients go. */
  static Map<Value.View, Value.View> destinations(Learner learner, TrainingSpec spec) {
    Parameters parameters = learner.network().parameters();
    Variables variables = learner.variables();
    Map<Value.View, Value.View> destinations = new LinkedHashMap<>();
    for (Parameter parameter : parameters.all()) {
      if (spec.trainable().test(parameter)) {
        destinations.put(
            parameters.view(variables.weights(), parameter),
            parameters.view(variables.gradients(), parameter));
      }
    }
    return destinations;
  }

  /**
   * Appends the update, in place.
   *
   * @throws IllegalArgumentException if the penalty needs anchors and the learner has none
   */
  static void append(Graph.Builder graph, Value learningRate, Learner learner, TrainingSpec spec) {
    Variables variables = learner.variables();
    SgdSynaptic update = spec.update(learner.network().parameters());
    Value.View weights = variables.flat(variables.weights());
    Value.View momentum = variables.flat(variables.momentum());
    Value.View trajectory = variables.flat(variables.trajectory());
    List<Value> operands = new ArrayList<>();
    operands.add(learningRate);
    operands.add(weights);
    operands.add(variables.flat(variables.gradients()));
    operands.add(momentum);
    operands.add(trajectory);
    boolean penalized = update.penalty() != SgdSynaptic.Penalty.NONE;
    boolean sparse = penalized && variables.sparse().isPresent();
    if (penalized) {
      boolean anchored = update.penalty() == SgdSynaptic.Penalty.QUADRATIC;
      variables
          .sparse()
          .ifPresentOrElse(
              chosen -> operands.addAll(sparse(chosen, anchored)),
              () -> operands.addAll(dense(variables, anchored)));
    }
    graph.apply(
        sparse ? new SparseSgdSynaptic(update) : update,
        operands,
        List.of(
            new Graph.Destination(0, weights),
            new Graph.Destination(1, momentum),
            new Graph.Destination(2, trajectory)));
  }

  private static List<Value> dense(Variables variables, boolean anchored) {
    Value importance = variables.flat(variables.importance());
    return anchored
        ? List.of(importance, variables.flat(variables.anchors()))
        : List.of(importance);
  }

  private static List<Value> sparse(SparseVariables chosen, boolean anchored) {
    List<Value> operands =
        new ArrayList<>(
            List.of(chosen.bits().view(), chosen.before().view(), chosen.cumulative().view()));
    if (anchored) {
      Variable anchors =
          chosen
              .anchors()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the quadratic penalty needs anchors; make the learner with sparse"
                              + " importance that is anchored"));
      operands.add(anchors.view());
    }
    return operands;
  }
}
