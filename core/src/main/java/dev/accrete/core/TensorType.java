package dev.accrete.core;

/** What is known of a tensor before it has values: element type and shape. */
public record TensorType(DType dtype, Shape shape) {
  /** A single-precision tensor of these extents. */
  public static TensorType f32(int... dims) {
    return new TensorType(DType.F32, Shape.of(dims));
  }

  /** A single-precision tensor of this shape. */
  public static TensorType f32(Shape shape) {
    return new TensorType(DType.F32, shape);
  }

  /** A double-precision tensor of these extents. */
  public static TensorType f64(int... dims) {
    return new TensorType(DType.F64, Shape.of(dims));
  }

  /** A tensor of image bytes of these extents. */
  public static TensorType u8(int... dims) {
    return new TensorType(DType.U8, Shape.of(dims));
  }

  /** A tensor of 32-bit integers of these extents. */
  public static TensorType i32(int... dims) {
    return new TensorType(DType.I32, Shape.of(dims));
  }

  /** The size in bytes of a dense tensor of this type. */
  public long bytes() {
    return (long) shape.size() * dtype.bytes();
  }

  @Override
  public String toString() {
    return dtype.name().toLowerCase(java.util.Locale.ROOT) + "[" + shape + "]";
  }
}
