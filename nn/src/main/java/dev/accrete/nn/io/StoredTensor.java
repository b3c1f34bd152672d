package dev.accrete.nn.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** A tensor as a file holds it: element type, extents and little-endian bytes. Immutable. */
public final class StoredTensor {
  private final StoredType type;
  private final List<Integer> shape;
  private final byte[] data;

  /** Takes ownership of {@code data}. */
  StoredTensor(StoredType type, List<Integer> shape, byte[] data) {
    this.type = type;
    this.shape = List.copyOf(shape);
    this.data = data;
    if (data.length != bytes(type, shape)) {
      throw new IllegalArgumentException(
          "a tensor of "
              + type
              + shape
              + " has "
              + bytes(type, shape)
              + " bytes, not "
              + data.length);
    }
  }

  /**
   * Numbers in a type for fractions, rounded to nearest even; {@code shape} must fit their count.
   */
  public static StoredTensor of(StoredType type, float[] values, int... shape) {
    byte[] data = new byte[Math.multiplyExact(values.length, type.bytes())];
    ByteBuffer buffer = littleEndian(data);
    for (float value : values) {
      type.put(buffer, value);
    }
    return new StoredTensor(type, boxed(shape), data);
  }

  /** Single-precision numbers in one dimension. */
  public static StoredTensor of(float[] values) {
    return of(StoredType.F32, values, values.length);
  }

  /** 64-bit integers in one dimension. */
  public static StoredTensor of(long[] values) {
    byte[] data = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    littleEndian(data).asLongBuffer().put(values);
    return new StoredTensor(StoredType.I64, List.of(values.length), data);
  }

  /** 32-bit integers in one dimension. */
  public static StoredTensor of(int[] values) {
    byte[] data = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
    littleEndian(data).asIntBuffer().put(values);
    return new StoredTensor(StoredType.I32, List.of(values.length), data);
  }

  /** Bytes in one dimension. */
  public static StoredTensor of(byte[] values) {
    return new StoredTensor(StoredType.U8, List.of(values.length), values.clone());
  }

  /** The element type. */
  public StoredType type() {
    return type;
  }

  /** The extents, outermost first; empty for a single number; an extent may be 0. */
  public List<Integer> shape() {
    return shape;
  }

  /** The number of elements. */
  public int size() {
    return data.length / type.bytes();
  }

  /** The elements as floats, in row-major order; whole numbers and doubles are rounded. */
  public float[] floats() {
    ByteBuffer buffer = littleEndian(data);
    float[] values = new float[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) type.get(buffer);
    }
    return values;
  }

  /**
   * The elements as integers, in row-major order.
   *
   * @throws IllegalArgumentException if the element type is for fractions
   */
  public long[] longs() {
    if (!type.integral()) {
      throw new IllegalArgumentException("a tensor of " + type + " does not hold whole numbers");
    }
    ByteBuffer buffer = littleEndian(data);
    long[] values = new long[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.getLong(buffer);
    }
    return values;
  }

  /** A copy of the little-endian bytes. */
  public byte[] bytes() {
    return data.clone();
  }

  /** The bytes themselves, for writers. */
  byte[] data() {
    return data;
  }

  /** The size in bytes of a tensor, or -1 if it exceeds 2^31-1. */
  static long bytes(StoredType type, List<Integer> shape) {
    long bytes = type.bytes();
    for (int extent : shape) {
      if (extent == 0) {
        return 0;
      }
      if (bytes <= Integer.MAX_VALUE) {
        bytes *= extent;
      }
    }
    return bytes <= Integer.MAX_VALUE ? bytes : -1;
  }

  private static ByteBuffer littleEndian(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Integer> boxed(int[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredTensor tensor
        && type == tensor.type
        && shape.equals(tensor.shape)
        && Arrays.equals(data, tensor.data);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return type + shape.toString();
  }
}
