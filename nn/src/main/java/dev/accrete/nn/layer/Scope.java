package dev.accrete.nn.layer;

import dev.accrete.core.Graph;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Op;
import dev.accrete.nn.Norms;
import dev.accrete.nn.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What layers find around them while they append themselves to a graph. */
public final class Scope {
  private final Graph.Builder graph;
  private final Norms norms;
  private final Variables variables;
  private final boolean dropout;
  private final List<Value.Input> dropoutKeys = new ArrayList<>();

  private Scope(Graph.Builder graph, Norms norms, Variables variables, boolean dropout) {
    this.graph = graph;
    this.norms = norms;
    this.variables = variables;
    this.dropout = dropout;
  }

  /** A scope in which dropout does nothing. */
  public static Scope of(Graph.Builder graph, Norms norms, Variables variables) {
    return new Scope(graph, norms, variables, false);
  }

  /**
   * A scope in which dropout draws masks; the caller fills {@link #dropoutKeys} before each run.
   */
  public static Scope withDropout(Graph.Builder graph, Norms norms, Variables variables) {
    return new Scope(graph, norms, variables, true);
  }

  /** The graph being built. */
  public Graph.Builder graph() {
    return graph;
  }

  /** How normalizations behave in this graph. */
  public Norms norms() {
    return norms;
  }

  /** Appends an op with one result and returns it. */
  public Value apply(Op op, Value... operands) {
    return graph.one(op, operands);
  }

  /** The trained parameter of this name. */
  public Value.View parameter(String name) {
    return variables.parameter(name);
  }

  /** The moving moment of this name. */
  public Value.View moment(String name) {
    return variables.moment(name);
  }

  /**
   * The key that dropout layer {@code name} draws its mask from, or empty if it does nothing here.
   */
  public Optional<Value> dropoutKey(String name) {
    if (!dropout) {
      return Optional.empty();
    }
    Value.Input key = graph.input("dropout/" + name, TensorType.i32(4));
    dropoutKeys.add(key);
    return Optional.of(key);
  }

  /**
   * The keys asked for so far, one per dropout layer, each i32[4] as {@code Dropout} reads them.
   */
  public List<Value.Input> dropoutKeys() {
    return List.copyOf(dropoutKeys);
  }
}
