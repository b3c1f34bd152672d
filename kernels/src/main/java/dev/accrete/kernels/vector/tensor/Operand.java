package dev.accrete.kernels.vector.tensor;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.Optional;

/**
 * Where the elements of a value lie: in the plan's arena (known once memory is planned), in a
 * variable, or in an input's own array.
 */
public final class Operand {
  private static final float[] NO_FLOATS = new float[0];
  private static final double[] NO_DOUBLES = new double[0];
  private static final int[] NO_INTS = new int[0];
  private static final byte[] NO_BYTES = new byte[0];

  /** The shape and the type of the elements. */
  public final TensorType type;

  /** The order of the elements. */
  public final Layout layout;

  /** The array that holds an F32 tensor, from element {@link #offset} on. */
  public float[] floats = NO_FLOATS;

  /** The array of an F64 tensor. */
  public double[] doubles = NO_DOUBLES;

  /** The array of an I32 tensor. */
  public int[] ints = NO_INTS;

  /** The array of a U8 tensor. */
  public byte[] bytes = NO_BYTES;

  /** The index of the first element. */
  public int offset;

  /** The number of the block in the memory planner, or -1 if this does not lie in the arena. */
  public int block = -1;

  private final Optional<Operand> original;

  private Operand(TensorType type, Layout layout, Optional<Operand> original) {
    this.type = type;
    this.layout = layout;
    this.original = original;
  }

  /** An F32 tensor that will lie in the arena. */
  public static Operand planned(TensorType type, Layout layout) {
    return new Operand(type, layout, Optional.empty());
  }

  /** A tensor with an array of its own: an input of the plan. */
  public static Operand owned(TensorType type, Layout layout) {
    Operand operand = new Operand(type, layout, Optional.empty());
    switch (type.dtype()) {
      case F32 -> operand.floats = new float[Math.toIntExact(layout.length(type.shape()))];
      case F64 -> operand.doubles = new double[type.shape().size()];
      case I32 -> operand.ints = new int[type.shape().size()];
      case U8 -> operand.bytes = new byte[type.shape().size()];
    }
    return operand;
  }

  /** A part of a variable. */
  public static Operand stored(TensorType type, VectorStore.Entry entry, int offset) {
    Operand operand = new Operand(type, Layout.CANONICAL, Optional.empty());
    operand.floats = entry.floats;
    operand.doubles = entry.doubles;
    operand.ints = entry.ints;
    operand.bytes = entry.bytes;
    operand.offset = entry.base + offset;
    return operand;
  }

  /** The same memory seen with another type or layout, whose elements lie alike. */
  public Operand as(TensorType other, Layout otherLayout) {
    Operand alias = new Operand(other, otherLayout, Optional.of(root()));
    alias.locate();
    return alias;
  }

  /** The operand whose memory this is. */
  public Operand root() {
    return original.orElse(this);
  }

  /** Takes the place of the original, once that is known. */
  public void locate() {
    Operand root = root();
    floats = root.floats;
    doubles = root.doubles;
    ints = root.ints;
    bytes = root.bytes;
    offset = root.offset;
  }

  /** The extents. */
  public Shape shape() {
    return type.shape();
  }

  /** The number of floats from {@link #offset} on, padding lanes included. */
  public int length() {
    return Math.toIntExact(layout.length(type.shape()));
  }

  /** Bytes of the array. */
  public long byteSize() {
    return 4L * floats.length + 8L * doubles.length + 4L * ints.length + bytes.length;
  }
}
