package dev.accrete.kernels.spec;

import dev.accrete.core.DType;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.Arrays;

/** Elements in canonical order, in a Java array of the tensor's element type. */
public final class HostTensor {
  private final TensorType type;
  private final float[] floats;
  private final double[] doubles;
  private final int[] ints;
  private final byte[] bytes;

  private HostTensor(TensorType type, float[] floats, double[] doubles, int[] ints, byte[] bytes) {
    int length =
        switch (type.dtype()) {
          case F32 -> floats.length;
          case F64 -> doubles.length;
          case I32 -> ints.length;
          case U8 -> bytes.length;
        };
    if (length != type.shape().size()) {
      throw new IllegalArgumentException(type + " does not hold " + length + " elements");
    }
    this.type = type;
    this.floats = floats;
    this.doubles = doubles;
    this.ints = ints;
    this.bytes = bytes;
  }

  /** An F32 tensor; keeps the array. */
  public static HostTensor of(TensorType type, float[] values) {
    return new HostTensor(type, values, new double[0], new int[0], new byte[0]);
  }

  /** An F64 tensor; keeps the array. */
  public static HostTensor of(TensorType type, double[] values) {
    return new HostTensor(type, new float[0], values, new int[0], new byte[0]);
  }

  /** An I32 tensor; keeps the array. */
  public static HostTensor of(TensorType type, int[] values) {
    return new HostTensor(type, new float[0], new double[0], values, new byte[0]);
  }

  /** A U8 tensor; keeps the array. */
  public static HostTensor of(TensorType type, byte[] values) {
    return new HostTensor(type, new float[0], new double[0], new int[0], values);
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /**
   * The elements of an F32 tensor: the array itself.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public float[] floats() {
    if (type.dtype() != DType.F32) {
      throw new IllegalStateException(type + " does not hold F32 elements");
    }
    return floats;
  }

  /**
   * The elements of an F64 tensor: the array itself.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public double[] doubles() {
    if (type.dtype() != DType.F64) {
      throw new IllegalStateException(type + " does not hold F64 elements");
    }
    return doubles;
  }

  /**
   * The elements of an I32 tensor: the array itself.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public int[] ints() {
    if (type.dtype() != DType.I32) {
      throw new IllegalStateException(type + " does not hold I32 elements");
    }
    return ints;
  }

  /**
   * The elements of a U8 tensor: the array itself.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public byte[] bytes() {
    if (type.dtype() != DType.U8) {
      throw new IllegalStateException(type + " does not hold U8 elements");
    }
    return bytes;
  }

  /** The bits of every element. */
  long[] bits() {
    long[] bits = new long[type.shape().size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          switch (type.dtype()) {
            case F32 -> Float.floatToRawIntBits(floats[i]);
            case F64 -> Double.doubleToRawLongBits(doubles[i]);
            case I32 -> ints[i];
            case U8 -> Byte.toUnsignedInt(bytes[i]);
          };
    }
    return bits;
  }

  /** Whether type and elements are the same, bit for bit. */
  public boolean sameBits(HostTensor other) {
    // Java compares floats in arrays by their bits, apart from those of NaN.
    return type.equals(other.type)
        && Arrays.equals(floats, other.floats)
        && Arrays.equals(doubles, other.doubles)
        && Arrays.equals(ints, other.ints)
        && Arrays.equals(bytes, other.bytes);
  }

  /** Copies the elements into a variable. */
  public void write(Store store, Variable variable) {
    switch (type.dtype()) {
      case F32 -> store.write(variable, floats);
      case F64 -> store.write(variable, 0, doubles, 0, doubles.length);
      case I32 -> store.write(variable, ints);
      case U8 -> store.write(variable, 0, bytes, 0, bytes.length);
    }
  }

  /** Copies the elements into an input of a plan. */
  public void write(Plan plan, Value.Input input) {
    switch (type.dtype()) {
      case F32 -> plan.write(input, floats);
      case F64 -> plan.write(input, doubles);
      case I32 -> plan.write(input, ints);
      case U8 -> plan.write(input, bytes);
    }
  }
}
