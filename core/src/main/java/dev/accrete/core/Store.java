package dev.accrete.core;

import java.util.Set;

/** The values of variables on one backend. Elements are in canonical (row-major) order. */
public interface Store extends AutoCloseable {
  /** The variables that live here. */
  Set<Variable> variables();

  /**
   * Copies {@code length} elements of an F32 variable, from element {@code from} on, into {@code
   * destination}.
   *
   * @throws IndexOutOfBoundsException if either range does not fit
   */
  void read(Variable variable, int from, float[] destination, int offset, int length);

  /**
   * Copies {@code length} elements into an F32 variable, to element {@code to} on.
   *
   * @throws IndexOutOfBoundsException if either range does not fit
   */
  void write(Variable variable, int to, float[] source, int offset, int length);

  /** Copies elements of a U8 variable; likewise. */
  void read(Variable variable, int from, byte[] destination, int offset, int length);

  /** Copies elements into a U8 variable; likewise. */
  void write(Variable variable, int to, byte[] source, int offset, int length);

  /** Copies elements of an F64 variable; likewise. */
  void read(Variable variable, int from, double[] destination, int offset, int length);

  /** Copies elements into an F64 variable; likewise. */
  void write(Variable variable, int to, double[] source, int offset, int length);

  /** All elements of an F32 variable. */
  default float[] read(Variable variable) {
    float[] values = new float[variable.type().shape().size()];
    read(variable, 0, values, 0, values.length);
    return values;
  }

  /** Replaces all elements of an F32 variable; {@code values} must have exactly its size. */
  default void write(Variable variable, float[] values) {
    variable.requireSize(values.length);
    write(variable, 0, values, 0, values.length);
  }

  /**
   * All elements of an I32 variable.
   *
   * @throws IllegalArgumentException if it holds elements of another type
   */
  int[] readInts(Variable variable);

  /**
   * Replaces all elements of an I32 variable; {@code values} must have exactly its size.
   *
   * @throws IllegalArgumentException if it holds elements of another type or the size differs
   */
  void write(Variable variable, int[] values);

  /** Bytes held for the variables. */
  long bytes();

  @Override
  void close();
}
