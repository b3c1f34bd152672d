package dev.accrete.nn.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What an ONNX file says, by the field numbers of onnx.proto3. */
public final class OnnxFile {
  private final ProtoMessage model;
  private final ProtoMessage graph;

  /** A node; attributes are messages. */
  record Node(String type, List<String> inputs, String output, Map<String, ProtoMessage> settings) {
    long integer(String name, long otherwise) {
      ProtoMessage setting = settings.get(name);
      return setting == null ? otherwise : setting.number(3);
    }

    ProtoMessage setting(String name) {
      return Objects.requireNonNull(settings.get(name), type + " without " + name);
    }

    float real(String name) {
      return setting(name).real(2);
    }

    int[] integers(String name) {
      return setting(name).numbers(8).stream().mapToInt(Math::toIntExact).toArray();
    }
  }

  /** An input or an output: element type and extents, of which one may be a name. */
  public record Port(String name, long type, List<String> extents) {}

  public OnnxFile(byte[] content) {
    model = new ProtoMessage(ByteBuffer.wrap(content));
    graph = model.message(7);
  }

  public long irVersion() {
    return model.number(1);
  }

  public long operatorSet() {
    return model.message(8).number(2);
  }

  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    model.messages(14).forEach(entry -> metadata.put(entry.string(1), entry.string(2)));
    return metadata;
  }

  public List<Port> inputs() {
    return graph.messages(11).stream().map(OnnxFile::port).toList();
  }

  public List<Port> outputs() {
    return graph.messages(12).stream().map(OnnxFile::port).toList();
  }

  private static Port port(ProtoMessage info) {
    ProtoMessage tensor = info.message(2).message(1);
    List<String> extents =
        tensor.message(2).messages(1).stream()
            .map(d -> d.string(2).isEmpty() ? Long.toString(d.number(1)) : d.string(2))
            .toList();
    return new Port(info.string(1), tensor.number(1), extents);
  }

  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (ProtoMessage node : graph.messages(1)) {
      Map<String, ProtoMessage> settings = new LinkedHashMap<>();
      node.messages(5).forEach(attribute -> settings.put(attribute.string(1), attribute));
      nodes.add(new Node(node.string(4), node.strings(1), node.string(2), settings));
    }
    return nodes;
  }

  /** The operators, in order. */
  public List<String> operators() {
    return nodes().stream().map(Node::type).toList();
  }

  /** The initializers as numbers, by name. */
  public Map<String, OnnxTensor> initializers() {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    for (ProtoMessage tensor : graph.messages(5)) {
      int[] extents = tensor.numbers(1).stream().mapToInt(Math::toIntExact).toArray();
      ByteBuffer raw = tensor.bytes(9);
      double[] values = new double[OnnxTensor.size(extents)];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.number(2) == 7 ? raw.getLong() : raw.getFloat();
      }
      if (raw.hasRemaining() || tensors.put(tensor.string(8), of(extents, values)) != null) {
        throw new IllegalArgumentException("initializer " + tensor.string(8));
      }
    }
    return tensors;
  }

  private static OnnxTensor of(int[] extents, double[] values) {
    return new OnnxTensor(extents, values);
  }

  /** What is wrong with names and order; empty if nothing is. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    Set<String> known = new HashSet<>(initializers().keySet());
    Set<String> used = new HashSet<>();
    inputs().forEach(input -> known.add(input.name()));
    for (Node node : nodes()) {
      for (String input : node.inputs()) {
        if (!known.contains(input)) {
          faults.add(node.output() + " reads " + input + " too early");
        }
        used.add(input);
      }
      if (!known.add(node.output())) {
        faults.add(node.output() + " is written twice");
      }
    }
    outputs().forEach(output -> used.add(output.name()));
    known.stream().filter(name -> !used.contains(name)).forEach(n -> faults.add(n + " is unused"));
    return faults;
  }
}
