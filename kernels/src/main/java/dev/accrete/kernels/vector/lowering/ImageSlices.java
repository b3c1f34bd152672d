package dev.accrete.kernels.vector.lowering;

import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;

import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Reshape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph that treats every image alone, cut into slices of a few images that one thread takes
 * through all ops: what an op writes is still in that processor's second-level cache when the next
 * one reads it, and nobody waits for others in between. Results have the same bits for any cut,
 * because no sum goes over images and kernels are chosen by the images of all slices.
 *
 * @param graph the graph of one slice
 * @param images images of a slice
 * @param count slices, which may overlap at the end if they do not come out even
 * @param ofOne the graph of a slice where one thread alone works, on most machines: what memory is
 *     told by, so that it depends neither on the number of threads nor on the machine
 */
public record ImageSlices(Graph graph, int images, int count, Graph ofOne) {
  /** Floats of the widest tensor of a slice at most: 1 MiB, so that two of them fit the cache. */
  private static final long CACHED = 1L << 18;

  /**
   * How many times as long slices are on processors without vectors of 512 bits: tensors this wide
   * leave their smaller caches anyway, and longer slices read the weights less often.
   */
  private static final int LONGER = FEW_REGISTERS ? 4 : 1;

  /** What is written passes thrice: its lines are fetched, written back and read by the next op. */
  private static final int PASSES = 3;

  /**
   * The slices of a graph for so many threads; none if images are not independent, or too few of
   * them: every slice reads all weights anew, which is worth it where less would pass otherwise.
   */
  public static Optional<ImageSlices> of(Graph graph, int threads) {
    if (graph.inputs().isEmpty() || graph.inputs().getFirst().type().shape().rank() == 0) {
      return Optional.empty();
    }
    int all = graph.inputs().getFirst().type().shape().dim(0);
    boolean perImage =
        graph.inputs().stream().allMatch(input -> isPerImage(input, all))
            && graph.outputs().values().stream()
                .allMatch(y -> isPerImage(y, all) && y.type().dtype() == DType.F32)
            && graph.nodes().stream().allMatch(node -> isPerImage(node, all));
    if (!perImage || all == 0) {
      return Optional.empty();
    }
    long widest = graph.nodes().stream().mapToLong(ImageSlices::floats).max().orElse(1) / all;
    long most = Long.highestOneBit(Math.clamp(CACHED / Math.max(1, widest), 1, all));
    int images = images(all, Math.min(all, LONGER * most), threads);
    int ofOne = images(all, most, 1);
    long written =
        graph.nodes().stream().filter(node -> node.macs() > 0).mapToLong(ImageSlices::floats).sum();
    int count = Math.ceilDiv(all, images);
    if ((count < 2 && ofOne == all) || weights(graph) > PASSES * written / all * ofOne) {
      return Optional.empty();
    }
    return Optional.of(
        new ImageSlices(
            slice(graph, images), images, count, ofOne == all ? graph : slice(graph, ofOne)));
  }

  /** Images of a slice, so that threads end together. */
  private static int images(int all, long most, int threads) {
    int rounds = Math.toIntExact(Math.ceilDiv(all, most * threads));
    return Math.ceilDiv(all, rounds * threads);
  }

  private static boolean isPerImage(Value value, int images) {
    return !(value instanceof Value.View)
        && value.type().shape().rank() > 0
        && value.type().shape().dim(0) == images;
  }

  private static boolean isPerImage(Node node, int images) {
    List<Value> others =
        node.inputs().subList(Math.min(1, node.inputs().size()), node.inputs().size());
    boolean fits =
        switch (node.op()) {
          case Conv2d ignored -> areWeights(others);
          case BatchNormInference ignored -> areWeights(others);
          case AddBias ignored -> areWeights(others);
          case MatMul product -> !product.transposeA() && areWeights(others);
          case Add ignored -> arePerImage(others, images);
          case NormalizeImage ignored -> arePerImage(others, images);
          case Pointwise ignored -> arePerImage(others, images);
          case Pool2d ignored -> arePerImage(others, images);
          case LocalResponseNorm ignored -> arePerImage(others, images);
          case GlobalAveragePool ignored -> arePerImage(others, images);
          case ChannelMoments ignored -> arePerImage(others, images);
          case Reshape ignored -> arePerImage(others, images);
          default -> false;
        };
    return fits
        && isPerImage(node.inputs().getFirst(), images)
        && arePerImage(node.outputs(), images);
  }

  private static boolean arePerImage(List<Value> values, int images) {
    return values.stream().allMatch(value -> isPerImage(value, images));
  }

  private static boolean areWeights(List<Value> values) {
    return values.stream().allMatch(Value.View.class::isInstance);
  }

  /** Floats that a node writes. */
  private static long floats(Node node) {
    return node.outputs().stream().mapToLong(value -> value.type().shape().size()).sum();
  }

  private static long weights(Graph graph) {
    return graph.variables().stream().mapToLong(v -> v.type().shape().size()).sum();
  }

  private static Graph slice(Graph graph, int images) {
    Graph.Builder slice = Graph.builder();
    Map<Value, Value> values = new HashMap<>();
    for (Value.Input input : graph.inputs()) {
      values.put(input, slice.input(input.name(), sliced(input.type(), images)));
    }
    for (Node node : graph.nodes()) {
      List<Value> operands =
          node.inputs().stream().map(value -> values.getOrDefault(value, value)).toList();
      List<Value> results = slice.apply(sliced(node.op(), images), operands, List.of());
      for (int i = 0; i < results.size(); i++) {
        values.put(node.outputs().get(i), results.get(i));
      }
    }
    graph.outputs().forEach((name, y) -> slice.output(name, values.getOrDefault(y, y)));
    return slice.build();
  }

  private static Op sliced(Op op, int images) {
    return op instanceof Reshape reshape ? new Reshape(reshape.shape().withDim(0, images)) : op;
  }

  /** The type of a slice of a value. */
  private static TensorType sliced(TensorType type, int images) {
    return new TensorType(type.dtype(), type.shape().withDim(0, images));
  }
}
