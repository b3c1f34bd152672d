package dev.accrete.core;

import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.GlobalAveragePoolGrad;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.LocalResponseNormGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Pool2dGrad;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation from graph to graph: appends to a graph the nodes that compute the
 * gradients of a value. Only what a wanted gradient needs is computed, so that a frozen prefix
 * costs nothing.
 */
public final class Autodiff {
  private final Graph.Builder graph;
  private final Map<Value, Value.View> destinations;
  private final Set<Value> active = new HashSet<>();
  private final Map<Value, Value> gradients = new HashMap<>();
  private final Set<Value> stored = new HashSet<>();

  private Autodiff(Graph.Builder graph, Map<Value, Value.View> destinations) {
    this.graph = graph;
    this.destinations = destinations;
  }

  /**
   * Appends the gradients of a scalar loss with respect to trained views.
   *
   * @param destinations each trained view of a variable -> where its gradient is stored. A view may
   *     be used by one node only.
   * @throws IllegalArgumentException if the loss does not depend on a trained view, or a node
   *     between them cannot be differentiated
   */
  public static void backward(
      Graph.Builder graph, Value loss, Map<Value.View, Value.View> destinations) {
    if (!loss.type().shape().equals(Shape.SCALAR)) {
      throw new IllegalArgumentException("a loss must be a scalar, got " + loss.type());
    }
    Map<Value, Value.View> stored = new LinkedHashMap<>(destinations);
    Autodiff autodiff = new Autodiff(graph, stored);
    List<Node> forward = autodiff.activate(stored.keySet());
    autodiff.gradients.put(loss, graph.one(new Fill(1, Shape.SCALAR)));
    autodiff.reverse(forward, loss);
    for (Value.View trained : destinations.keySet()) {
      if (!autodiff.stored.contains(trained)) {
        throw new IllegalArgumentException("the loss does not depend on " + trained);
      }
    }
  }

  /**
   * Appends the gradients of {@code sum(upstream * output)} with respect to any values of the
   * graph.
   *
   * @return the gradient of each value of {@code wanted}; values the output does not depend on are
   *     absent
   */
  public static Map<Value, Value> gradients(
      Graph.Builder graph, Value output, Value upstream, List<? extends Value> wanted) {
    Autodiff autodiff = new Autodiff(graph, Map.of());
    List<Node> forward = autodiff.activate(new HashSet<>(wanted));
    autodiff.gradients.put(output, upstream);
    autodiff.reverse(forward, output);
    Map<Value, Value> result = new LinkedHashMap<>();
    for (Value value : wanted) {
      Optional.ofNullable(autodiff.gradients.get(value)).ifPresent(g -> result.put(value, g));
    }
    return result;
  }

  /** Marks every value that depends on {@code roots}; returns the nodes there are now. */
  private List<Node> activate(Set<? extends Value> roots) {
    active.addAll(roots);
    List<Node> forward = List.copyOf(graph.nodes());
    for (Node node : forward) {
      if (node.inputs().stream().anyMatch(active::contains)) {
        for (Value output : node.outputs()) {
          if (output instanceof Value.Temporary) {
            active.add(output);
          }
        }
      }
    }
    return forward;
  }

  private void reverse(List<Node> forward, Value target) {
    if (!active.contains(target)) {
      return;
    }
    for (Node node : forward.reversed()) {
      Value upstream = gradients.get(node.outputs().get(0));
      if (upstream != null && node.inputs().stream().anyMatch(active::contains)) {
        differentiate(node, upstream);
      }
    }
  }

  private boolean wants(Node node, int input) {
    return active.contains(node.inputs().get(input));
  }

  /** Appends the backward nodes of one node, whose first result has the gradient {@code dy}. */
  private void differentiate(Node node, Value dy) {
    List<Value> in = node.inputs();
    switch (node.op()) {
      case Conv2d conv -> {
        if (wants(node, 0)) {
          Shape x = in.get(0).type().shape();
          accumulate(new Conv2dInputGrad(conv, x), in.get(0), dy, in.get(1));
        }
        if (wants(node, 1)) {
          Shape weight = in.get(1).type().shape();
          accumulate(new Conv2dWeightGrad(conv, weight), in.get(1), in.get(0), dy);
        }
      }
      case MatMul product -> matMul(node, product, dy);
      case AddBias ignored -> {
        if (wants(node, 1)) {
          accumulate(new ChannelSum(), in.get(1), dy);
        }
        pass(node, 0, dy);
      }
      case Add ignored -> {
        pass(node, 0, dy);
        pass(node, 1, dy);
      }
      case Pointwise(PointFunction function) -> {
        Value v = function.gradientOfResult() ? node.outputs().get(0) : in.get(0);
        accumulate(new PointwiseGrad(function), in.get(0), v, dy);
      }
      case BatchNorm ignored -> renorm(node, dy);
      case BatchRenorm ignored -> renorm(node, dy);
      case BatchNormInference norm ->
          multiple(
              node,
              new BatchNormInferenceGrad(norm.epsilon()),
              List.of(in.get(0), in.get(1), in.get(3), in.get(4), dy));
      case Pool2d pool -> accumulate(new Pool2dGrad(pool), in.get(0), in.get(0), dy);
      case GlobalAveragePool ignored -> {
        Shape x = in.get(0).type().shape();
        accumulate(new GlobalAveragePoolGrad(x.dim(2), x.dim(3)), in.get(0), dy);
      }
      case LocalResponseNorm norm ->
          accumulate(new LocalResponseNormGrad(norm), in.get(0), in.get(0), dy);
      case Dropout dropout -> accumulate(dropout, in.get(0), dy, in.get(1));
      case Reshape ignored -> accumulate(new Reshape(in.get(0).type().shape()), in.get(0), dy);
      case SoftmaxCrossEntropy loss ->
          accumulate(
              new SoftmaxCrossEntropyGrad(loss.labelSmoothing()),
              in.get(0),
              node.outputs().get(1),
              in.get(1),
              in.get(2),
              dy);
      default ->
          throw new IllegalArgumentException(
              node.op().name() + " has no gradient; take it out of the differentiated part");
    }
  }

  private void matMul(Node node, MatMul product, Value dy) {
    Value a = node.inputs().get(0);
    Value b = node.inputs().get(1);
    boolean ta = product.transposeA();
    boolean tb = product.transposeB();
    if (wants(node, 0)) {
      // dA = dY B^T, and its transpose B dY^T where A was transposed.
      if (ta) {
        accumulate(new MatMul(tb, true), a, b, dy);
      } else {
        accumulate(new MatMul(false, !tb), a, dy, b);
      }
    }
    if (wants(node, 1)) {
      if (tb) {
        accumulate(new MatMul(true, ta), b, dy, a);
      } else {
        accumulate(new MatMul(!ta, false), b, a, dy);
      }
    }
  }

  private void renorm(Node node, Value dy) {
    List<Value> in = node.inputs();
    multiple(node, new BatchRenormGrad(), List.of(in.get(0), in.get(1), node.outputs().get(1), dy));
  }

  /** A backward op whose results are the gradients of the node's first inputs, in order. */
  private void multiple(Node node, Op op, List<Value> operands) {
    int results = op.infer(operands.stream().map(Value::type).toList()).size();
    List<Graph.Destination> bound = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      bound.addAll(destination(i, node.inputs().get(i)));
    }
    List<Value> values = graph.apply(op, operands, bound);
    for (int i = 0; i < results; i++) {
      if (wants(node, i)) {
        receive(node.inputs().get(i), values.get(i));
      }
    }
  }

  /** A backward op with one result, the gradient of {@code target}. */
  private void accumulate(Op op, Value target, Value... operands) {
    if (!active.contains(target)) {
      return;
    }
    receive(target, graph.apply(op, List.of(operands), destination(0, target)).get(0));
  }

  private List<Graph.Destination> destination(int result, Value target) {
    Value.View view = destinations.get(target);
    return view == null ? List.of() : List.of(new Graph.Destination(result, view));
  }

  private void pass(Node node, int input, Value dy) {
    Value target = node.inputs().get(input);
    if (active.contains(target)) {
      if (destinations.containsKey(target)) {
        throw new IllegalArgumentException(
            node.op().name() + ": a trained view cannot be its operand; wrap it in a layer");
      }
      receive(target, dy);
    }
  }

  private void receive(Value target, Value gradient) {
    if (destinations.containsKey(target)) {
      if (!stored.add(target)) {
        throw new IllegalArgumentException(
            target + " is used by several nodes; a trained view may be used by one only");
      }
      return;
    }
    Value sum = gradients.get(target);
    gradients.put(target, sum == null ? gradient : graph.one(new Add(), sum, gradient));
  }
}
