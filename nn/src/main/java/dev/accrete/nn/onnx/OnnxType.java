package dev.accrete.nn.onnx;

/** Element types, as TensorProto.DataType numbers them. */
public enum OnnxType {
  /** Single precision. */
  FLOAT(1),
  /** Bytes from 0 to 255. */
  UINT8(2),
  /** 64-bit integers: extents, axes. */
  INT64(7),
  /** Double precision. */
  DOUBLE(11);

  private final int code;

  OnnxType(int code) {
    this.code = code;
  }

  /** The number in files. */
  public int code() {
    return code;
  }
}
