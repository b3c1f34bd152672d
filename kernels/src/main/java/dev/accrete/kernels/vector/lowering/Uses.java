package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.Value;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who needs which value of a graph. */
final class Uses {
  /** A value as operand {@code index} of a node. */
  record Use(Node node, int index) {}

  private final List<Node> live;
  private final Map<Value, List<Use>> uses = new HashMap<>();
  private final Set<Value> outputs;

  Uses(Graph graph) {
    outputs = new HashSet<>(graph.outputs().values());
    live = live(graph);
    for (Node node : live) {
      for (int i = 0; i < node.inputs().size(); i++) {
        uses.computeIfAbsent(node.inputs().get(i), v -> new ArrayList<>()).add(new Use(node, i));
      }
    }
  }

  private List<Node> live(Graph graph) {
    Set<Value> needed = new HashSet<>(outputs);
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(v -> v instanceof Value.View || needed.contains(v))) {
        needed.addAll(node.inputs());
        nodes.add(node);
      }
    }
    return nodes.reversed();
  }

  /** The nodes whose results somebody needs, in order. */
  List<Node> live() {
    return live;
  }

  /** The live node after a live node. */
  Optional<Node> following(Node node) {
    int next = live.indexOf(node) + 1;
    return next < live.size() ? Optional.of(live.get(next)) : Optional.empty();
  }

  /** The uses of a value by live nodes. */
  List<Use> of(Value value) {
    return uses.getOrDefault(value, List.of());
  }

  /** Whether the caller may read this value after a run. */
  boolean isOutput(Value value) {
    return outputs.contains(value);
  }

  /** Whether every user of this value can compute it on the fly from what it is a map of. */
  boolean canStayMapped(Value value) {
    return value instanceof Value.Temporary
        && !outputs.contains(value)
        && of(value).stream().allMatch(use -> use.index == 0 && maps(use.node.op()));
  }

  /** Whether this value is a gradient that every user loads as the gradient of a convolution. */
  boolean canStayGradient(Value value) {
    return value instanceof Value.Temporary
        && !outputs.contains(value)
        && of(value).stream()
            .allMatch(
                use ->
                    (use.index == 0 && use.node.op() instanceof Conv2dInputGrad)
                        || (use.index == 1 && use.node.op() instanceof Conv2dWeightGrad));
  }

  private static boolean maps(Op op) {
    return op instanceof Conv2d
        || op instanceof Conv2dWeightGrad
        || op instanceof GlobalAveragePool
        || op instanceof ChannelMoments
        || op.equals(Pointwise.RELU)
        || op.equals(PointwiseGrad.RELU);
  }
}
