package dev.accrete.kernels.reference;

import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Node;
import dev.accrete.core.Plan;
import dev.accrete.core.Stores;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs node after node. Every value has memory of its own: a view of a variable is copied out
 * before the node that reads it and copied back after the node that writes it, so that a loop never
 * sees two operands that overlap. Only a whole variable that a node does not write is read where it
 * is.
 */
final class ReferencePlan implements Plan {
  private final Graph graph;
  private final Map<Value, Cells> cells = new HashMap<>();
  private final Map<Variable, Cells> variables = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private boolean closed;

  ReferencePlan(Graph graph, Stores<ReferenceStore> stores) {
    this.graph = graph;
    for (Variable variable : graph.variables()) {
      variables.put(variable, stores.of(variable).cells(variable));
    }
    for (Value value : graph.outputs().values()) {
      if (value instanceof Value.View view) {
        Variable variable = view.variable();
        variables.put(variable, stores.of(variable).cells(variable));
      }
    }
    try {
      graph.nodes().forEach(this::add);
      graph.outputs().values().forEach(this::allocate);
    } catch (OutOfMemoryError e) {
      throw new MemoryException(
          "the graph's values do not fit the heap; raise it with -Xmx or take a smaller mini-batch",
          e);
    }
  }

  private void add(Node node) {
    List<Cells> inputs = node.inputs().stream().map(value -> operand(node, value)).toList();
    // A result of its own even where the op may overwrite an operand: the two views are one value.
    List<Cells> outputs = new ArrayList<>();
    for (Value value : node.outputs()) {
      outputs.add(value instanceof Value.View ? Cells.of(value.type()) : allocate(value));
    }
    steps.add(new Step(node, outputs, Loops.of(node.op(), inputs, outputs)));
  }

  private Cells operand(Node node, Value value) {
    return value instanceof Value.View view && readsInPlace(node, view)
        ? of(view.variable())
        : allocate(value);
  }

  private static boolean readsInPlace(Node node, Value.View view) {
    return view.type().equals(view.variable().type())
        && node.outputs().stream()
            .noneMatch(result -> result instanceof Value.View written && written.overlaps(view));
  }

  private Cells allocate(Value value) {
    return cells.computeIfAbsent(value, v -> Cells.of(v.type()));
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void write(Value.Input input, float[] values) {
    System.arraycopy(values, 0, input(input, DType.F32, values.length).floats(), 0, values.length);
  }

  @Override
  public void write(Value.Input input, double[] values) {
    System.arraycopy(values, 0, input(input, DType.F64, values.length).doubles(), 0, values.length);
  }

  @Override
  public void write(Value.Input input, int[] values) {
    System.arraycopy(values, 0, input(input, DType.I32, values.length).ints(), 0, values.length);
  }

  @Override
  public void write(Value.Input input, byte[] values) {
    System.arraycopy(values, 0, input(input, DType.U8, values.length).bytes(), 0, values.length);
  }

  private Cells input(Value.Input input, DType dtype, int length) {
    Cells found = cells.get(input);
    if (found == null) {
      throw new IllegalArgumentException(
          "the graph has no input " + input + "; it has " + graph.inputs());
    }
    if (input.type().dtype() != dtype || input.type().shape().size() != length) {
      throw new IllegalArgumentException(
          "input " + input.name() + " is " + input.type() + ", got " + length + " x " + dtype);
    }
    return found;
  }

  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("the plan is closed; compile the graph again to run it");
    }
    for (Step step : steps) {
      for (Value value : step.node.inputs()) {
        if (value instanceof Value.View view && !readsInPlace(step.node, view)) {
          load(view);
        }
      }
      step.loops.run();
      for (int i = 0; i < step.outputs.size(); i++) {
        if (step.node.outputs().get(i) instanceof Value.View view) {
          int size = view.type().shape().size();
          of(view.variable()).copy(view.offset(), step.outputs.get(i), 0, size);
        }
      }
    }
  }

  private Cells of(Variable variable) {
    Cells found = variables.get(variable);
    if (found == null) {
      throw new IllegalStateException("the plan does not use " + variable);
    }
    return found;
  }

  private Cells load(Value.View view) {
    Cells copy = allocate(view);
    copy.copy(0, of(view.variable()), view.offset(), view.type().shape().size());
    return copy;
  }

  @Override
  public void read(String output, float[] destination) {
    float[] source = output(output, DType.F32, destination.length).floats();
    System.arraycopy(source, 0, destination, 0, destination.length);
  }

  @Override
  public void read(String output, double[] destination) {
    double[] source = output(output, DType.F64, destination.length).doubles();
    System.arraycopy(source, 0, destination, 0, destination.length);
  }

  @Override
  public void read(String output, int[] destination) {
    int[] source = output(output, DType.I32, destination.length).ints();
    System.arraycopy(source, 0, destination, 0, destination.length);
  }

  @Override
  public void read(String output, byte[] destination) {
    byte[] source = output(output, DType.U8, destination.length).bytes();
    System.arraycopy(source, 0, destination, 0, destination.length);
  }

  private Cells output(String output, DType dtype, int length) {
    Value value = graph.outputs().get(output);
    if (value == null) {
      throw new IllegalArgumentException(
          "the graph has no output " + output + "; it has " + graph.outputs().keySet());
    }
    if (value.type().dtype() != dtype || value.type().shape().size() != length) {
      throw new IllegalArgumentException(
          "output " + output + " is " + value.type() + ", asked for " + length + " x " + dtype);
    }
    return value instanceof Value.View view ? load(view) : allocate(value);
  }

  @Override
  public long bytes() {
    long values = cells.values().stream().mapToLong(c -> c.type().bytes()).sum();
    long results =
        steps.stream()
            .flatMap(s -> s.node.outputs().stream())
            .filter(v -> v instanceof Value.View)
            .mapToLong(v -> v.type().bytes())
            .sum();
    return values + results;
  }

  @Override
  public void close() {
    closed = true;
    cells.clear();
    steps.clear();
  }

  private record Step(Node node, List<Cells> outputs, Runnable loops) {}
}
