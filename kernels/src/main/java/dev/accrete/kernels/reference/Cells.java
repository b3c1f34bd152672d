package dev.accrete.kernels.reference;

import dev.accrete.core.TensorType;

/**
 * The elements of one tensor in canonical order, in the one array that its element type calls for;
 * the other two are empty.
 */
final class Cells {
  private final TensorType type;
  private final float[] floats;
  private final int[] ints;
  private final byte[] bytes;

  private Cells(TensorType type, float[] floats, int[] ints, byte[] bytes) {
    this.type = type;
    this.floats = floats;
    this.ints = ints;
    this.bytes = bytes;
  }

  /** Zeros of this type. */
  static Cells of(TensorType type) {
    int size = type.shape().size();
    return switch (type.dtype()) {
      case F32 -> new Cells(type, new float[size], new int[0], new byte[0]);
      case I32 -> new Cells(type, new float[0], new int[size], new byte[0]);
      case U8 -> new Cells(type, new float[0], new int[0], new byte[size]);
    };
  }

  TensorType type() {
    return type;
  }

  float[] floats() {
    return floats;
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
      case I32 -> System.arraycopy(source.ints, from, ints, to, length);
      case U8 -> System.arraycopy(source.bytes, from, bytes, to, length);
    }
  }
}
