package dev.accrete.nn.onnx;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.Parameters;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes layers, given as graphs of ops, into an ONNX graph, with the weights they read.
 *
 * <p>Ops know the number of images, ONNX models must not. So a layer is given for {@link #FEW} and
 * for {@link #MORE} images: where the two differ, the number of images counts.
 */
public final class OnnxLayers {
  /** How many images the first graph of a layer is for. */
  public static final int FEW = 2;

  /** How many images the second graph of a layer is for. */
  public static final int MORE = 3;

  /** The name of the input of a layer's graphs. */
  public static final String INPUT = "input";

  private final OnnxGraph graph;
  private final String network;
  private final Map<Variable, Stored> variables;
  private final Map<Part, String> written = new HashMap<>();

  /** The values of a variable and how they are laid out. */
  @SuppressWarnings("ArrayRecordComponent") // A buffer with its layout, never compared.
  public record Stored(Parameters layout, float[] values) {}

  /** Weights as an op wants them; the same ones may be wanted in another shape too. */
  private record Part(Variable variable, int offset, Shape shape) {}

  /**
   * A writer into {@code graph}.
   *
   * @param network named in errors
   * @param variables all that layers may read
   */
  public OnnxLayers(OnnxGraph graph, String network, Map<Variable, Stored> variables) {
    this.graph = graph;
    this.network = network;
    this.variables = Map.copyOf(variables);
  }

  /**
   * Appends a layer.
   *
   * @param layer its name
   * @param few its ops for {@link #FEW} images, which read {@link #INPUT}
   * @param more its ops for {@link #MORE} images
   * @param input the value that its input stands for
   * @return the value of each of its outputs, in order
   * @throws AccreteException naming the layer, if it has an op that ONNX has no form of or that
   *     must know the number of images; or if the file would become too large
   */
  public List<String> write(String layer, Graph few, Graph more, String input) {
    try {
      return new LayerWriter(layer, input).write(few, more);
    } catch (NoFormException e) {
      throw new AccreteException(
          "layer '"
              + layer
              + "' of "
              + network
              + " has no ONNX form: "
              + e.getMessage()
              + "; export the model as safetensors, or build the layer of other ops",
          e);
    }
  }

  private final class LayerWriter {
    private final String layer;
    private final String input;
    private final OnnxOps ops;
    private final Map<Value, String> values = new HashMap<>();

    LayerWriter(String layer, String input) {
      this.layer = layer;
      this.input = input;
      ops = new OnnxOps(graph, layer, input);
    }

    List<String> write(Graph few, Graph more) {
      if (few.nodes().size() != more.nodes().size()) {
        throw new NoFormException("it has other ops for " + FEW + " images than for " + MORE);
      }
      for (int i = 0; i < few.nodes().size(); i++) {
        Node node = few.nodes().get(i);
        requireSameOperands(node, more.nodes().get(i));
        List<String> results = ops.write(node, more.nodes().get(i), new NodeOperands(node));
        for (int k = 0; k < results.size(); k++) {
          if (!(node.outputs().get(k) instanceof Value.Temporary result)) {
            throw new NoFormException("its op " + node.op().name() + " changes weights");
          }
          values.put(result, results.get(k));
        }
      }
      return few.outputs().sequencedValues().stream().map(this::value).toList();
    }

    private void requireSameOperands(Node node, Node other) {
      List<Object> places = node.inputs().stream().map(LayerWriter::place).toList();
      if (!places.equals(other.inputs().stream().map(LayerWriter::place).toList())) {
        throw new NoFormException(
            "its op " + node.op().name() + " reads something else for another number of images");
      }
    }

    private static Object place(Value value) {
      return switch (value) {
        case Value.Input in -> in.name();
        case Value.Temporary result -> result.id();
        case Value.View view -> view;
      };
    }

    private String value(Value value) {
      return switch (value) {
        case Value.Input other when !other.name().equals(INPUT) ->
            throw new NoFormException("it has an input of its own, " + other.name());
        case Value.Input _ -> input;
        case Value.Temporary result -> {
          String name = values.get(result);
          if (name == null) {
            throw new NoFormException("it uses a result that none of its ops gives");
          }
          yield name;
        }
        case Value.View view -> weights(view, view.type().shape());
      };
    }

    private final class NodeOperands implements OnnxOps.Operands {
      private final List<Value> values;

      NodeOperands(Node node) {
        values = node.inputs();
      }

      @Override
      public String get(int index, Shape shape) {
        Value value = values.get(index);
        if (value instanceof Value.View view) {
          return weights(view, shape);
        }
        if (shape.equals(value.type().shape())) {
          return value(value);
        }
        long[] extents = Arrays.stream(shape.toArray()).asLongStream().toArray();
        return graph.node(layer, "Reshape", List.of(value(value), graph.integers(extents)));
      }

      @Override
      public List<String> all() {
        return values.stream().map(LayerWriter.this::value).toList();
      }
    }
  }

  private String weights(Value.View view, Shape shape) {
    Stored stored = variables.get(view.variable());
    if (stored == null) {
      throw new NoFormException("it reads " + view.variable().name() + ", which no model holds");
    }
    Part part = new Part(view.variable(), view.offset(), shape);
    String known = written.get(part);
    if (known == null) {
      known =
          graph.floats(
              name(view, stored.layout()), stored.values(), view.offset(), shape.toArray());
      written.put(part, known);
    }
    return known;
  }

  private static String name(Value.View view, Parameters layout) {
    return layout.all().stream()
        .filter(parameter -> parameter.offset() == view.offset())
        .map(Parameters.Parameter::name)
        .findFirst()
        .orElse(view.variable().name() + "@" + view.offset());
  }
}
