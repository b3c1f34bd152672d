package dev.accrete.nn;

import dev.accrete.core.Parameters;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The variables of one network: everything it knows and everything its optimizer and its strategy
 * remember. All but moments, bank and past share the layout of {@link Network#parameters()}.
 */
public final class Variables {
  private final Parameters parameters;
  private final Parameters moments;
  private final Parameters.Parameter head;
  private final Variable weights;
  private final Variable gradients;
  private final Variable momentum;
  private final Variable trajectory;
  private final Variable importance;
  private final Variable cumulative;
  private final Variable start;
  private final Variable anchors;
  private final Variable movingMoments;
  private final Variable bank;
  private final Variable past;
  private final Optional<SparseVariables> sparse;

  Variables(Network network, Optional<SparseImportance> sparseImportance) {
    parameters = network.parameters();
    moments = network.moments();
    head = network.head();
    weights = parameters.variable("weights");
    gradients = parameters.variable("gradients");
    momentum = parameters.variable("momentum");
    trajectory = parameters.variable("trajectory");
    importance = parameters.variable("importance");
    cumulative = parameters.variable("cumulative");
    start = parameters.variable("start");
    anchors = parameters.variable("anchors");
    movingMoments = moments.variable("moments");
    bank = new Variable("bank", TensorType.f32(head.shape()));
    past = new Variable("past", TensorType.f32(network.classes()));
    sparse = sparseImportance.map(s -> SparseVariables.of(s, parameters));
  }

  /** All variables that a learner holds. */
  public List<Variable> all() {
    List<Variable> all =
        new ArrayList<>(List.of(weights, movingMoments, gradients, momentum, trajectory, start));
    all.addAll(sparse.map(SparseVariables::all).orElse(List.of(importance, cumulative, anchors)));
    all.addAll(List.of(bank, past));
    return Collections.unmodifiableList(all);
  }

  /** The trained parameters. */
  public Variable weights() {
    return weights;
  }

  /** The moving moments of the normalizations, in the layout of {@link Network#moments()}. */
  public Variable moments() {
    return movingMoments;
  }

  /**
   * The gradient of the last step's task loss; 0 where a parameter was never trained, and
   * everywhere after sparse importance was updated.
   */
  public Variable gradients() {
    return gradients;
  }

  /** The momentum of the optimizer. */
  public Variable momentum() {
    return momentum;
  }

  /** The path integral of synaptic intelligence within the current experience. */
  public Variable trajectory() {
    return trajectory;
  }

  /** The importance F of every parameter; not held where importance is sparse. */
  public Variable importance() {
    return importance;
  }

  /** The running sum that importance is clamped from; likewise. */
  public Variable cumulative() {
    return cumulative;
  }

  /** The weights when the current experience began. */
  public Variable start() {
    return start;
  }

  /** The weights that a quadratic penalty pulls towards; likewise. */
  public Variable anchors() {
    return anchors;
  }

  /** What stands in the place of importance, cumulative and anchors where importance is sparse. */
  public Optional<SparseVariables> sparse() {
    return sparse;
  }

  /** The consolidated classifier of CWR: classes x features. */
  public Variable bank() {
    return bank;
  }

  /** The images of each class in earlier experiences. */
  public Variable past() {
    return past;
  }

  /** The weights of the trained parameter {@code name}. */
  public Value.View parameter(String name) {
    return parameters.view(weights, parameters.get(name));
  }

  /** The moving moment {@code name}. */
  public Value.View moment(String name) {
    return moments.view(movingMoments, moments.get(name));
  }

  /** The weights of the classifier: classes x features. */
  public Value.View head() {
    return parameters.view(weights, head);
  }

  /** A whole flat variable as an operand of shape [P]. */
  Value.View flat(Variable variable) {
    return variable.view(0, Shape.of(parameters.size()));
  }
}
