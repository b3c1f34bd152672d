package dev.accrete.core;

import dev.accrete.core.op.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * A straight-line program of ops over temporaries, inputs and views of variables. Nodes run in
 * order. Immutable; a {@link Backend} compiles it once to a {@link Plan}.
 *
 * @param nodes the ops in execution order
 * @param outputs the values the caller may read after a run, by name
 */
public record Graph(List<Node> nodes, SequencedMap<String, Value> outputs) {
  public Graph {
    nodes = List.copyOf(nodes);
    outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
  }

  /** A builder of an empty graph. */
  public static Builder builder() {
    return new Builder();
  }

  /** The inputs, in order of first use. */
  public SequencedSet<Value.Input> inputs() {
    SequencedSet<Value.Input> inputs = new LinkedHashSet<>();
    for (Node node : nodes) {
      for (Value value : node.inputs()) {
        if (value instanceof Value.Input input) {
          inputs.add(input);
        }
      }
    }
    return inputs;
  }

  /** The variables read or written, in order of first use. */
  public SequencedSet<Variable> variables() {
    SequencedSet<Variable> variables = new LinkedHashSet<>();
    for (Node node : nodes) {
      for (List<Value> operands : List.of(node.inputs(), node.outputs())) {
        for (Value value : operands) {
          if (value instanceof Value.View view) {
            variables.add(view.variable());
          }
        }
      }
    }
    return variables;
  }

  /** Multiply-accumulates of one run. */
  public long macs() {
    return nodes.stream().mapToLong(Node::macs).sum();
  }

  /** Builds a graph node by node, checking types as it goes. */
  public static final class Builder {
    private final List<Node> nodes = new ArrayList<>();
    private final SequencedMap<String, Value> outputs = new LinkedHashMap<>();
    private final Map<String, Value.Input> inputs = new LinkedHashMap<>();
    private int temporaries;

    private Builder() {}

    /**
     * Declares an input. Asking again for the same name and type gives the same input.
     *
     * @throws IllegalArgumentException if the name is taken by an input of another type
     */
    public Value.Input input(String name, TensorType type) {
      Value.Input input = inputs.computeIfAbsent(name, n -> new Value.Input(n, type));
      if (!input.type().equals(type)) {
        throw new IllegalArgumentException(
            "input " + name + " is already declared as " + input.type() + ", not " + type);
      }
      return input;
    }

    /** Appends an op whose results are all temporaries, and returns them. */
    public List<Value> apply(Op op, Value... operands) {
      return apply(op, List.of(operands), List.of());
    }

    /** Appends an op with one result, a temporary, and returns it. */
    public Value one(Op op, Value... operands) {
      List<Value> results = apply(op, operands);
      if (results.size() != 1) {
        throw new IllegalArgumentException(op + " has " + results.size() + " results, not one");
      }
      return results.get(0);
    }

    /**
     * Appends an op.
     *
     * @param destinations for results that must be stored in variables: result index -> view
     * @return all results, the views among them
     * @throws IllegalArgumentException if operands or destinations do not fit, or if a destination
     *     overlaps an operand other than exactly the one the op may overwrite with that result
     */
    public List<Value> apply(Op op, List<Value> operands, List<Destination> destinations) {
      List<TensorType> types = op.infer(operands.stream().map(Value::type).toList());
      List<Value> results = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        Value.View bound = null;
        for (Destination destination : destinations) {
          if (destination.result() == i) {
            bound = destination.view();
          }
        }
        if (bound == null) {
          results.add(new Value.Temporary(temporaries++, types.get(i)));
        } else {
          check(op, operands, types.get(i), i, bound);
          results.add(bound);
        }
      }
      nodes.add(new Node(op, operands, results));
      return Collections.unmodifiableList(results);
    }

    private static void check(
        Op op, List<Value> operands, TensorType type, int result, Value.View bound) {
      if (!bound.type().equals(type)) {
        throw new IllegalArgumentException(
            op.name() + ": result " + result + " is " + type + ", its destination " + bound.type());
      }
      for (int i = 0; i < operands.size(); i++) {
        if (operands.get(i) instanceof Value.View operand
            && operand.overlaps(bound)
            && !(i == op.inPlaceInput(result) && operand.equals(bound))) {
          throw new IllegalArgumentException(
              op.name() + ": result " + result + " would overwrite operand " + i + " " + operand);
        }
      }
    }

    /**
     * Makes a value readable after each run.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public Builder output(String name, Value value) {
      if (outputs.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException("the graph already has an output named " + name);
      }
      return this;
    }

    /** The nodes so far. */
    List<Node> nodes() {
      return Collections.unmodifiableList(nodes);
    }

    /** The finished graph. */
    public Graph build() {
      return new Graph(nodes, outputs);
    }
  }

  /** Where result number {@code result} of an op is stored. */
  public record Destination(int result, Value.View view) {}
}
