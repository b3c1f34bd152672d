package dev.accrete.kernels.reference;

import dev.accrete.core.DType;
import dev.accrete.core.TensorType;

/**
 * The elements of one tensor in canonical order, in the one array that its element type calls for;
 * the others are empty.
 */
final class Cells {
  private final TensorType type;
  private final float[] floats;
  private final double[] doubles;
  private final int[] ints;
  private final byte[] bytes;

  private Cells(TensorType type, float[] floats, double[] doubles, int[] ints, byte[] bytes) {
    this.type = type;
    this.floats = floats;
    this.doubles = doubles;
    this.ints = ints;
    this.bytes = bytes;
  }

  /** Zeros of this type. */
  static Cells of(TensorType type) {
    return new Cells(
        type,
        new float[size(type, DType.F32)],
        new double[size(type, DType.F64)],
        new int[size(type, DType.I32)],
        new byte[size(type, DType.U8)]);
  }

  private static int size(TensorType type, DType dtype) {
    return type.dtype() == dtype ? type.shape().size() : 0;
  }

  TensorType type() {
    return type;
  }

  float[] floats() {
    return floats;
  }

  double[] doubles() {
    return doubles;
  }

  int[] ints() {
    return ints;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Copies {@code length} elements of {@code source}, which has the same element type. */
  void copy(int to, Cells source, int from, int length) {
    switch (type.dtype()) {
      case F32 -> System.arraycopy(source.floats, from, floats, to, length);
      case F64 -> System.arraycopy(source.doubles, from, doubles, to, length);
      case I32 -> System.arraycopy(source.ints, from, ints, to, length);
      case U8 -> System.arraycopy(source.bytes, from, bytes, to, length);
    }
  }
}
