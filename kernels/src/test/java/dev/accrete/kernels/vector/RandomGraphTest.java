package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Reshape;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random graphs with their gradients, in which every value may have any users: what is fused, kept
 * out of memory, or put in place of another value must not show in any result.
 */
class RandomGraphTest {
  private static final int CHANNELS = 19;
  private static final PointFunction[] FUNCTIONS = PointFunction.values();
  private static final Shape SHAPE = Shape.of(3, CHANNELS, 6, 5);
  private static final int OPS = 14;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void agreesWithReference(long seed) {
    Graph graph = graph(seed);
    Map<String, float[]> expected = run(new ReferenceBackend(), graph, seed);
    Map<String, float[]> actual = run(new VectorBackend(new BackendOptions(2)), graph, seed);
    expected.forEach(
        (name, values) -> {
          float[] others = actual.getOrDefault(name, new float[0]);
          assertThat(others).as(name).hasSameSizeAs(values);
          double norm = 0;
          double difference = 0;
          for (int i = 0; i < values.length; i++) {
            norm += (double) values[i] * values[i];
            difference += Math.pow((double) values[i] - others[i], 2);
          }
          assertThat(Math.sqrt(difference))
              .as("%s, seed %d", name, seed)
              .isLessThanOrEqualTo(1e-4 * Math.sqrt(norm) + 1e-6);
        });
  }

  static Graph graph(long seed) {
    return new Maker(seed).make();
  }

  static Map<String, float[]> run(Backend backend, Graph graph, long seed) {
    Rng rng = Rng.of(seed, 2);
    Map<String, float[]> results = new LinkedHashMap<>();
    try (backend;
        Store store = backend.allocate(List.of());
        Plan plan = backend.compile(graph, store)) {
      for (Value.Input input : graph.inputs()) {
        float[] values = new float[input.type().shape().size()];
        for (int i = 0; i < values.length; i++) {
          boolean positive = input.name().equals("variance");
          values[i] = positive ? 0.5f + rng.nextFloat() : (float) rng.nextGaussian();
        }
        plan.write(input, values);
      }
      // A second run must not see what the first one left.
      plan.run();
      plan.run();
      graph.outputs().keySet().forEach(name -> results.put(name, plan.read(name)));
    }
    return results;
  }

  /** Draws a graph. */
  private static final class Maker {
    private final Graph.Builder graph = Graph.builder();
    private final Rng rng;
    private final List<Value> values = new ArrayList<>();
    private final Value.Input scale = graph.input("scale", TensorType.f32(CHANNELS));
    private final Value.Input shift = graph.input("shift", TensorType.f32(CHANNELS));
    private final Value.Input mean = graph.input("mean", TensorType.f32(CHANNELS));
    private final Value.Input variance = graph.input("variance", TensorType.f32(CHANNELS));
    private final Value.Input dense =
        graph.input("dense", TensorType.f32(CHANNELS, CHANNELS, 1, 1));
    private final Value.Input depthwise =
        graph.input("depthwise", TensorType.f32(CHANNELS, 1, 3, 3));

    /** Convolutions without weight gradients, as when weights are frozen. */
    private final boolean frozen;

    Maker(long seed) {
      rng = Rng.of(seed, 1);
      frozen = seed % 4 == 3;
    }

    Graph make() {
      Value.Input x = graph.input("x", TensorType.f32(SHAPE));
      values.add(x);
      for (int i = 0; i < OPS; i++) {
        values.add(draw());
      }
      Value last = values.getLast();
      Value.Input upstream = graph.input("upstream", last.type());
      graph.output("y", last);
      graph.output("middle", values.get(values.size() / 2));
      graph.output("pooled", graph.one(new GlobalAveragePool(), pick()));
      List<Value> moments = graph.apply(new ChannelMoments(), pick());
      graph.output("mean", moments.get(0));
      graph.output("deviation", moments.get(1));
      List<Value.Input> wanted =
          frozen ? List.of(x, scale, shift) : List.of(x, scale, shift, dense, depthwise);
      Autodiff.gradients(graph, last, upstream, wanted)
          .forEach((input, gradient) -> graph.output("d" + ((Value.Input) input).name(), gradient));
      return graph.build();
    }

    /** The newest value most of the time, so that chains grow long enough to fuse. */
    private Value pick() {
      return rng.nextInt(3) > 0 ? values.getLast() : values.get(rng.nextInt(values.size()));
    }

    private Value draw() {
      Value x = pick();
      return switch (rng.nextInt(13)) {
        case 0, 1, 2 -> graph.one(Pointwise.RELU, x);
        case 3 -> graph.one(new Add(), x, pick());
        case 4 -> graph.one(new AddBias(), x, shift);
        case 5 -> graph.apply(new BatchNorm(1e-3f, 0.9f), x, scale, shift, mean, variance).get(0);
        case 6 -> graph.one(new BatchNormInference(1e-3f), x, scale, shift, mean, variance);
        case 7 -> graph.one(Conv2d.of(1, 0), x, dense);
        case 8 -> graph.one(Conv2d.depthwise(CHANNELS, 1, 1), x, depthwise);
        case 9 -> graph.one(new Pool2d(Pool2d.Kind.AVERAGE, 3, 1, 1, false), x);
        case 10 -> graph.one(new LocalResponseNorm(5, 0.1f, 0.75f, 1f), x);
        case 11 -> graph.one(new Pointwise(FUNCTIONS[rng.nextInt(FUNCTIONS.length)]), x);
        default -> rearrange(x);
      };
    }

    private Value rearrange(Value x) {
      Shape flat = Shape.of(SHAPE.dim(0), SHAPE.size() / SHAPE.dim(0));
      return graph.one(new Reshape(SHAPE), graph.one(new Reshape(flat), x));
    }
  }
}
