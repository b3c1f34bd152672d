package dev.accrete.nn.onnx;

import dev.accrete.nn.io.ProtoWriter;

/** A named setting of a node. */
public final class OnnxAttribute {
  private final ProtoWriter message;

  private OnnxAttribute(ProtoWriter message) {
    this.message = message;
  }

  /** A whole number. */
  public static OnnxAttribute integer(String name, long value) {
    return new OnnxAttribute(new ProtoWriter().string(1, name).number(3, value).number(20, 2));
  }

  /** Whole numbers. */
  public static OnnxAttribute integers(String name, long... values) {
    ProtoWriter message = new ProtoWriter().string(1, name);
    for (long value : values) {
      message.number(8, value);
    }
    return new OnnxAttribute(message.number(20, 7));
  }

  /** A number. */
  public static OnnxAttribute real(String name, float value) {
    return new OnnxAttribute(new ProtoWriter().string(1, name).unpacked(2, value).number(20, 1));
  }

  /** A tensor of one float, as ConstantOfShape wants its value. */
  public static OnnxAttribute tensor(String name, float value) {
    ProtoWriter tensor = new ProtoWriter().number(1, 1).number(2, OnnxType.FLOAT.code());
    return new OnnxAttribute(
        new ProtoWriter().string(1, name).message(5, tensor.packed(4, value)).number(20, 4));
  }

  ProtoWriter message() {
    return message;
  }
}
