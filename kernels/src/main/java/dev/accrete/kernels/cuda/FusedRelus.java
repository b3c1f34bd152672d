package dev.accrete.kernels.cuda;

import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.Pointwise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Normalizations whose result only a ReLU reads: the last pass of such a one clamps as it writes,
 * which saves writing and reading the activation once.
 */
final class FusedRelus {
  private final Map<Node, Node> reluOf = new HashMap<>();
  private final Set<Node> absorbed = new HashSet<>();

  private FusedRelus() {}

  static FusedRelus of(Graph graph) {
    Map<Value, List<Node>> readers = new HashMap<>();
    for (Node node : graph.nodes()) {
      node.inputs().forEach(v -> readers.computeIfAbsent(v, any -> new ArrayList<>()).add(node));
    }
    FusedRelus fused = new FusedRelus();
    for (Node node : graph.nodes()) {
      Value y = node.outputs().isEmpty() ? null : node.outputs().getFirst();
      List<Node> reading = readers.getOrDefault(y, List.of());
      if (normalizes(node)
          && y instanceof Value.Temporary
          && !graph.outputs().containsValue(y)
          && reading.size() == 1
          && reading.getFirst().op().equals(Pointwise.RELU)
          && reading.getFirst().outputs().getFirst() instanceof Value.Temporary) {
        fused.reluOf.put(node, reading.getFirst());
        fused.absorbed.add(reading.getFirst());
      }
    }
    return fused;
  }

  private static boolean normalizes(Node node) {
    return switch (node.op()) {
      case BatchNorm ignored -> true;
      case BatchRenorm ignored -> true;
      case BatchNormInference ignored -> true;
      default -> false;
    };
  }

  /** Whether another node does what this one would. */
  boolean absorbed(Node node) {
    return absorbed.contains(node);
  }

  /** Whether a normalization is to clamp what it writes. */
  boolean absorbs(Node node) {
    return reluOf.containsKey(node);
  }

  /** Where a node's results go: the first to the ReLU's place if one is absorbed. */
  List<Value> results(Node node) {
    Node relu = reluOf.get(node);
    if (relu == null) {
      return node.outputs();
    }
    List<Value> results = new ArrayList<>(node.outputs());
    results.set(0, relu.outputs().getFirst());
    return results;
  }
}
