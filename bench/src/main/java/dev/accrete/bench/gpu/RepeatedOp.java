package dev.accrete.bench.gpu;

import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.UnpackSelected;
import dev.accrete.kernels.spec.OpSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One op several times over, each on operands and results of its own, at the end of a graph.
 *
 * <p>Every copy is there twice: the first application leaves the operands in the layouts that the
 * backend wants them in, so that the second, which is timed, contains the op's own kernels alone,
 * as inside a network. Ops on flat state are there once, in place: state has one layout, as the
 * banks that latents are gathered from have.
 */
final class RepeatedOp {
  private final OpSpec.Case spec;
  private final Graph graph;
  private final int copies;
  private final Map<Integer, Value.Input> inputs = new LinkedHashMap<>();
  private final Map<Variable, Integer> variables = new LinkedHashMap<>();

  RepeatedOp(OpSpec.Case spec, int copies) {
    this.spec = spec;
    this.copies = copies;
    this.graph = onState(spec.op()) ? stateful() : stateless();
  }

  private static boolean onState(Op op) {
    return switch (op) {
      case SgdSynaptic ignored -> true;
      case SparseSgdSynaptic ignored -> true;
      case SelectParameters ignored -> true;
      case PackSelected ignored -> true;
      case UnpackSelected ignored -> true;
      case ConsolidateHead ignored -> true;
      case LoadHead ignored -> true;
      case GatherLatents ignored -> true;
      case ScatterLatents ignored -> true;
      default -> false;
    };
  }

  Graph graph() {
    return graph;
  }

  /** The first node that is timed; all later ones are as well. */
  int firstTimed() {
    return graph.nodes().size() - copies;
  }

  /** Operand -> the input that brings it. */
  Map<Integer, Value.Input> inputs() {
    return inputs;
  }

  /** Variable -> the operand that it starts as. */
  Map<Variable, Integer> variables() {
    return variables;
  }

  /** The name of a result of a copy among the graph's outputs. */
  static String output(int copy, int result) {
    return "result " + result + " of copy " + copy;
  }

  private Graph stateless() {
    Graph.Builder builder = Graph.builder();
    List<List<Value>> operands = new ArrayList<>();
    for (int copy = 0; copy < copies; copy++) {
      List<Value> own = new ArrayList<>();
      for (int i = 0; i < spec.operands().size(); i++) {
        Value.Input input = input(builder, i);
        TensorType type = input.type();
        own.add(
            type.dtype() == DType.F32
                ? builder.one(new Add(), input, builder.one(new Fill(0, type.shape())))
                : input);
      }
      operands.add(own);
    }
    operands.forEach(own -> builder.apply(spec.op(), own, List.of()));
    for (int copy = 0; copy < copies; copy++) {
      show(builder, copy, builder.apply(spec.op(), operands.get(copy), List.of()));
    }
    return builder.build();
  }

  private Graph stateful() {
    Graph.Builder builder = Graph.builder();
    for (int copy = 0; copy < copies; copy++) {
      List<Value> operands = new ArrayList<>();
      for (int i = 0; i < spec.operands().size(); i++) {
        TensorType type = spec.operands().get(i).type();
        if (type.shape().rank() == 0) {
          operands.add(input(builder, i));
        } else {
          operands.add(variable("operand " + i + " of copy " + copy, type, i).view());
        }
      }
      List<Graph.Destination> destinations = new ArrayList<>();
      List<TensorType> results = spec.resultTypes();
      // A mini-batch of latents lies as its user wants it, not as a variable.
      for (int i = 0; i < results.size() && !(spec.op() instanceof GatherLatents); i++) {
        int operand = spec.op().inPlaceInput(i);
        Value.View view =
            operand >= 0 && operands.get(operand) instanceof Value.View own
                ? own
                : variable(output(copy, i), results.get(i), -1).view();
        destinations.add(new Graph.Destination(i, view));
      }
      show(builder, copy, builder.apply(spec.op(), operands, destinations));
    }
    return builder.build();
  }

  private Value.Input input(Graph.Builder builder, int operand) {
    Value.Input input = builder.input("operand " + operand, spec.operands().get(operand).type());
    inputs.put(operand, input);
    return input;
  }

  private Variable variable(String name, TensorType type, int operand) {
    Variable variable = new Variable(name, type);
    if (operand >= 0) {
      variables.put(variable, operand);
    }
    return variable;
  }

  private static void show(Graph.Builder builder, int copy, List<Value> results) {
    for (int i = 0; i < results.size(); i++) {
      // A backend may leave out, or fuse into others, what nobody reads.
      builder.output(output(copy, i), results.get(i));
    }
  }
}
