package dev.accrete.nn.onnx;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.ProtoWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * An ONNX model in the making: nodes in the order of execution, initializers, inputs and outputs.
 * Field numbers are those of onnx.proto3 of ONNX 1.12, which brought IR version 8 and operator set
 * 17.
 */
public final class OnnxGraph {
  /** The version of the operators that nodes are of. */
  public static final int OPERATOR_SET = 17;

  /** Stands for the number of images in the extents of inputs and outputs. */
  public static final long BATCH = -1;

  /** What a protobuf message can hold: its readers count bytes with 31 bits. */
  private static final long LIMIT = Integer.MAX_VALUE;

  private static final int IR_VERSION = 8;

  private final String name;
  private final long limit;
  private final List<ProtoWriter> nodes = new ArrayList<>();
  private final List<ProtoWriter> initializers = new ArrayList<>();
  private final List<ProtoWriter> inputs = new ArrayList<>();
  private final List<ProtoWriter> outputs = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, String> constants = new HashMap<>();
  private long bytes;

  /** An empty graph. */
  public OnnxGraph(String name) {
    this(name, LIMIT);
  }

  /** A seam, so that tests can reach the limit. */
  OnnxGraph(String name, long limit) {
    this.name = name;
    this.limit = limit;
  }

  /**
   * Declares what the caller feeds.
   *
   * @param extents with {@link #BATCH} for the number of images
   * @return its name
   */
  public String input(String input, OnnxType type, String remark, long... extents) {
    taken.add(input);
    inputs.add(info(input, type, remark, extents));
    return input;
  }

  /** Declares what the caller may fetch, before anything else can take its name. */
  public void output(String output, OnnxType type, String remark, long... extents) {
    taken.add(output);
    outputs.add(info(output, type, remark, extents));
  }

  /** Gives an output its value. */
  public void bind(String output, String value) {
    nodes.add(message("Identity", output, List.of(value)));
  }

  /**
   * Appends a node with one result.
   *
   * @param owner what it belongs to; the result is named after it
   * @return the name of the result
   */
  public String node(
      String owner, String type, List<String> operands, OnnxAttribute... attributes) {
    String result = unique(owner + ":" + type);
    ProtoWriter node = message(type, result, operands);
    for (OnnxAttribute attribute : attributes) {
      node.message(5, attribute.message());
    }
    nodes.add(node);
    return result;
  }

  private static ProtoWriter message(String type, String result, List<String> operands) {
    ProtoWriter node = new ProtoWriter();
    operands.forEach(operand -> node.string(1, operand));
    return node.string(2, result).string(3, result).string(4, type);
  }

  /**
   * Adds floats that are part of the model.
   *
   * @param wanted its name, unless that is taken
   * @param values from {@code offset} on, as many as the extents tell
   * @return its name
   * @throws AccreteException if the file would become larger than protobuf can be
   */
  public String floats(String wanted, float[] values, int offset, int... extents) {
    long count = 1;
    for (int extent : extents) {
      count *= extent;
    }
    reserve(4 * count);
    ByteBuffer raw = ByteBuffer.allocate((int) (4 * count)).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values, offset, (int) count);
    ProtoWriter tensor = new ProtoWriter();
    for (int extent : extents) {
      tensor.number(1, extent);
    }
    return initializer(wanted, tensor.number(2, OnnxType.FLOAT.code()), raw.array());
  }

  /** A scalar; the same number is stored once. */
  public String scalar(float value) {
    return constants.computeIfAbsent(
        "scalar " + value, text -> floats(text, new float[] {value}, 0));
  }

  /** A list of whole numbers; the same list is stored once. */
  public String integers(long... values) {
    StringBuilder text = new StringBuilder("integers");
    for (long value : values) {
      text.append(' ').append(value);
    }
    return constants.computeIfAbsent(
        text.toString(),
        wanted -> {
          ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          raw.asLongBuffer().put(values);
          ProtoWriter tensor = new ProtoWriter().number(1, values.length);
          return initializer(wanted, tensor.number(2, OnnxType.INT64.code()), raw.array());
        });
  }

  private String initializer(String wanted, ProtoWriter tensor, byte[] raw) {
    String given = unique(wanted);
    initializers.add(tensor.string(8, given).bytes(9, raw));
    return given;
  }

  private String unique(String wanted) {
    String given = wanted;
    for (int i = 2; !taken.add(given); i++) {
      given = wanted + "_" + i;
    }
    return given;
  }

  /** Throws before memory is taken for what cannot be written. */
  private void reserve(long more) {
    bytes += more;
    requireRoom(bytes);
  }

  private void requireRoom(long needed) {
    if (needed > limit) {
      throw new AccreteException(
          name
              + " takes "
              + needed
              + " bytes or more, and an ONNX file holds at most "
              + limit
              + " (it is one protobuf message): export it as safetensors, or use a smaller model");
    }
  }

  /**
   * The file's content.
   *
   * @param metadata by name
   * @throws AccreteException if it is larger than protobuf can be
   */
  public ProtoWriter model(String remark, SortedMap<String, String> metadata) {
    ProtoWriter graph = new ProtoWriter();
    nodes.forEach(node -> graph.message(1, node));
    graph.string(2, name);
    initializers.forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    ProtoWriter model =
        new ProtoWriter().number(1, IR_VERSION).string(2, "accrete").string(6, remark);
    model.message(7, graph);
    model.message(8, new ProtoWriter().string(1, "").number(2, OPERATOR_SET));
    metadata.forEach(
        (key, value) -> model.message(14, new ProtoWriter().string(1, key).string(2, value)));
    requireRoom(model.size());
    return model;
  }

  private static ProtoWriter info(String value, OnnxType type, String remark, long... extents) {
    ProtoWriter shape = new ProtoWriter();
    for (long extent : extents) {
      ProtoWriter dimension = new ProtoWriter();
      shape.message(1, extent == BATCH ? dimension.string(2, "N") : dimension.number(1, extent));
    }
    ProtoWriter tensor = new ProtoWriter().number(1, type.code()).message(2, shape);
    return new ProtoWriter()
        .string(1, value)
        .message(2, new ProtoWriter().message(1, tensor))
        .string(3, remark);
  }
}
