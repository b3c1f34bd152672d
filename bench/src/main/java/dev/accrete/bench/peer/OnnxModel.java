package dev.accrete.bench.peer;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Pointwise;
import dev.accrete.nn.Network;
import dev.accrete.nn.Norms;
import dev.accrete.nn.Variables;
import dev.accrete.nn.Weights;
import dev.accrete.nn.io.ProtoWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A network with its weights as an ONNX model: the forward pass, translated op by op. Field numbers
 * are those of onnx.proto3 of ONNX 1.8 (IR version 7, operator set 13).
 */
public final class OnnxModel {
  /** The model's input: f32 [miniBatch, C, H, W], normalized. */
  public static final String IMAGES = "images";

  /** The model's output: f32 [miniBatch, classes]. */
  public static final String LOGITS = "logits";

  private static final int IR_VERSION = 7;
  private static final int OPERATOR_SET = 13;
  private static final int FLOAT = 1;

  private final ProtoWriter graph = new ProtoWriter();
  private final Map<Variable, float[]> variables;
  private final Set<Value> initialized = new LinkedHashSet<>();

  private OnnxModel(Map<Variable, float[]> variables) {
    this.variables = variables;
  }

  /**
   * The file's bytes.
   *
   * @throws AccreteException if the network has an op that is not translated here
   */
  public static byte[] of(Network network, Weights weights, int miniBatch) {
    Graph.Builder builder = Graph.builder();
    Value.Input images =
        builder.input(
            IMAGES,
            TensorType.f32(miniBatch, network.channels(), network.height(), network.width()));
    Variables variables = network.variables();
    builder.output(LOGITS, network.forward(builder, images, Norms.fixed(), variables).logits());
    return new OnnxModel(
            Map.of(
                variables.weights(), weights.parameters(),
                variables.moments(), weights.moments()))
        .write(builder.build(), images, network.name());
  }

  private byte[] write(Graph source, Value.Input images, String name) {
    for (Node node : source.nodes()) {
      translate(node);
    }
    Value logits = Objects.requireNonNull(source.outputs().get(LOGITS));
    graph
        .message(1, node("Identity", LOGITS).string(1, name(logits)))
        .string(2, name)
        .message(11, info(IMAGES, images.type().shape()))
        .message(12, info(LOGITS, logits.type().shape()));
    return new ProtoWriter()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, new ProtoWriter().string(1, "").number(2, OPERATOR_SET))
        .toBytes();
  }

  private void translate(Node node) {
    switch (node.op()) {
      case Conv2d conv ->
          append(
              node,
              "Conv",
              integer("group", conv.groups()),
              integers("strides", conv.strideH(), conv.strideW()),
              integers("pads", conv.padH(), conv.padW(), conv.padH(), conv.padW()));
      case BatchNormInference norm ->
          append(node, "BatchNormalization", real("epsilon", norm.epsilon()));
      case Pointwise op when op.equals(Pointwise.RELU) -> append(node, "Relu");
      case GlobalAveragePool ignored -> {
        String planes = name(node.outputs().getFirst()) + " planes";
        graph.message(
            1, node("GlobalAveragePool", planes).string(1, name(node.inputs().getFirst())));
        graph.message(
            1,
            node("Flatten", name(node.outputs().getFirst()))
                .string(1, planes)
                .message(5, integer("axis", 1)));
      }
      case MatMul product ->
          append(
              node,
              "Gemm",
              integer("transA", product.transposeA() ? 1 : 0),
              integer("transB", product.transposeB() ? 1 : 0));
      default -> throw new AccreteException("no ONNX form of " + node.op().name() + " is known");
    }
  }

  private void append(Node node, String type, ProtoWriter... attributes) {
    ProtoWriter written = node(type, name(node.outputs().getFirst()));
    for (Value input : node.inputs()) {
      initialize(input);
      written.string(1, name(input));
    }
    for (ProtoWriter attribute : attributes) {
      written.message(5, attribute);
    }
    graph.message(1, written);
  }

  private static ProtoWriter node(String type, String output) {
    return new ProtoWriter().string(2, output).string(3, type + " of " + output).string(4, type);
  }

  /** Weights become initializers, once each. */
  private void initialize(Value value) {
    if (!(value instanceof Value.View view) || !initialized.add(view)) {
      return;
    }
    float[] all = variables.get(view.variable());
    if (all == null) {
      throw new AccreteException("the forward pass reads the variable " + view.variable().name());
    }
    ProtoWriter tensor = new ProtoWriter();
    for (int axis = 0; axis < view.type().shape().rank(); axis++) {
      tensor.number(1, view.type().shape().dim(axis));
    }
    int size = view.type().shape().size();
    ByteBuffer raw = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(Arrays.copyOfRange(all, view.offset(), view.offset() + size));
    graph.message(5, tensor.number(2, FLOAT).string(8, name(view)).bytes(9, raw.array()));
  }

  private static String name(Value value) {
    return switch (value) {
      case Value.Input input -> input.name();
      case Value.Temporary temporary -> "value " + temporary.id();
      case Value.View view -> view.variable().name() + " at " + view.offset();
    };
  }

  private static ProtoWriter info(String name, Shape shape) {
    ProtoWriter dims = new ProtoWriter();
    for (int axis = 0; axis < shape.rank(); axis++) {
      dims.message(1, new ProtoWriter().number(1, shape.dim(axis)));
    }
    ProtoWriter tensor = new ProtoWriter().number(1, FLOAT).message(2, dims);
    return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  private static ProtoWriter integer(String name, int value) {
    return new ProtoWriter().string(1, name).number(3, value).number(20, 2);
  }

  private static ProtoWriter integers(String name, int... values) {
    ProtoWriter attribute = new ProtoWriter().string(1, name).number(20, 7);
    for (int value : values) {
      attribute.number(8, value);
    }
    return attribute;
  }

  private static ProtoWriter real(String name, float value) {
    return new ProtoWriter().string(1, name).unpacked(2, value).number(20, 1);
  }
}
