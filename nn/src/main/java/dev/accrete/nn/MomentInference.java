package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The compiled forward pass for {@link LayerMoments}: fixed moments, no dropout, no head; of every
 * layer it keeps its moments alone. Not thread-safe.
 */
public final class MomentInference implements AutoCloseable {
  private final Inference.Host host;
  private final int miniBatch;
  private final boolean mirrored;
  private final Plan plan;
  private final ImageInput input;
  private final List<Output> outputs = new ArrayList<>();
  private final int size;
  private final byte[] mirror;

  /** A result of the plan, and where its numbers lie in the features of an image. */
  @SuppressWarnings("ArrayRecordComponent") // A buffer with its place, never compared.
  private record Output(String name, int at, int width, float[] values) {}

  MomentInference(Inference.Host host, LayerMoments moments, boolean mirrored, int miniBatch) {
    this.host = host;
    this.miniBatch = miniBatch;
    this.mirrored = mirrored;
    Network network = host.network();
    size = moments.size(network);
    Graph.Builder graph = Graph.builder();
    input =
        new ImageInput(
            graph, network, host.preprocessing(), miniBatch, network.height(), network.width());
    Map<String, Boolean> wanted = new HashMap<>();
    moments.parts().forEach(part -> wanted.put(part.layer(), part.deviation()));
    Scope scope = Scope.of(graph, Norms.fixed(), host.variables());
    Value value = input.normalized();
    for (Layer layer : network.body()) {
      if (wanted.isEmpty()) {
        break;
      }
      value = layer.forward(scope, value);
      Boolean deviation = wanted.remove(layer.name());
      if (deviation != null) {
        List<Value> kept = describe(graph, value, deviation);
        for (int i = 0; i < kept.size(); i++) {
          output(graph, layer.name() + ":" + i, kept.get(i));
        }
      }
    }
    plan = host.compile().apply(graph.build());
    input.prepare(plan);
    mirror = new byte[mirrored ? miniBatch * network.input().size() : 0];
  }

  /** Appends what is kept of a layer's result: flat as it is, or means and deviations. */
  static List<Value> describe(Graph.Builder graph, Value value, boolean deviation) {
    if (value.type().shape().rank() == 2) {
      return List.of(value);
    }
    return deviation
        ? graph.apply(new ChannelMoments(), value)
        : List.of(graph.one(new GlobalAveragePool(), value));
  }

  private void output(Graph.Builder graph, String name, Value value) {
    graph.output(name, value);
    TensorType type = value.type();
    int at = outputs.isEmpty() ? 0 : outputs.getLast().at() + outputs.getLast().width();
    outputs.add(new Output(name, at, type.shape().dim(1), new float[type.shape().size()]));
  }

  /** The most images one run takes. */
  public int miniBatch() {
    return miniBatch;
  }

  /** How many numbers describe an image. */
  public int size() {
    return size;
  }

  /**
   * Runs the network on images; twice where they count together with their mirror images, whose
   * features are averaged.
   *
   * @param images u8 planar, at least {@code rows} of them
   * @param rows how many images count, at most {@link #miniBatch()}
   * @param features receives [rows, size]
   * @throws IllegalArgumentException if an array is too short or rows out of range
   */
  public void run(byte[] images, int rows, float[] features) {
    if (features.length < rows * size) {
      throw new IllegalArgumentException(
          "features need " + rows * size + " elements, the array has " + features.length);
    }
    input.write(plan, images, rows);
    plan.run();
    for (Output output : outputs) {
      plan.read(output.name(), output.values());
      for (int row = 0; row < rows; row++) {
        System.arraycopy(
            output.values(),
            row * output.width(),
            features,
            row * size + output.at(),
            output.width());
      }
    }
    if (mirrored) {
      addMirrored(images, rows, features);
    }
  }

  private void addMirrored(byte[] images, int rows, float[] features) {
    int width = host.network().width();
    int bytes = rows * host.network().input().size();
    for (int line = 0; line < bytes; line += width) {
      for (int x = 0; x < width; x++) {
        mirror[line + x] = images[line + width - 1 - x];
      }
    }
    input.write(plan, mirror, rows);
    plan.run();
    for (Output output : outputs) {
      plan.read(output.name(), output.values());
      for (int row = 0; row < rows; row++) {
        int to = row * size + output.at();
        for (int i = 0; i < output.width(); i++) {
          features[to + i] = 0.5f * (features[to + i] + output.values()[row * output.width() + i]);
        }
      }
    }
  }

  /** Multiply-accumulates per image. */
  public long macsPerImage() {
    return plan.graph().macs() / miniBatch * (mirrored ? 2 : 1);
  }

  /** Bytes this holds beyond the learner's store. */
  public long bytes() {
    return plan.bytes() + input.bytes() + mirror.length + 4L * miniBatch * size;
  }

  @Override
  public void close() {
    host.release().accept(plan);
  }
}
