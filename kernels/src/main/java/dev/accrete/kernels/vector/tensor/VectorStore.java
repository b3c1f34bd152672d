package dev.accrete.kernels.vector.tensor;

import dev.accrete.core.DType;
import dev.accrete.core.Store;
import dev.accrete.core.Variable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Variables as Java arrays in canonical order, each with a count of the changes made to it. */
public final class VectorStore implements Store {
  private final Map<Variable, Entry> entries = new LinkedHashMap<>();

  /** Zeros for these variables. */
  public VectorStore(Collection<Variable> variables) {
    try {
      for (Variable variable : variables) {
        entries.put(variable, new Entry(variable));
      }
    } catch (OutOfMemoryError e) {
      long bytes = variables.stream().mapToLong(v -> v.type().bytes()).sum();
      throw Arena.outOfMemory("the variables", bytes, e);
    }
  }

  @Override
  public Set<Variable> variables() {
    return Set.copyOf(entries.keySet());
  }

  /**
   * The values of a variable.
   *
   * @throws IllegalArgumentException if it does not live here
   */
  public Entry entry(Variable variable) {
    Entry entry = entries.get(variable);
    if (entry == null) {
      throw new IllegalArgumentException(
          "the store has no " + variable + "; it has " + entries.keySet());
    }
    return entry;
  }

  private Entry checked(Variable variable, DType dtype, int from, int count) {
    Entry entry = typed(variable, dtype);
    Objects.checkFromIndexSize(from, count, variable.type().shape().size());
    return entry;
  }

  private Entry typed(Variable variable, DType dtype) {
    if (variable.type().dtype() != dtype) {
      throw new IllegalArgumentException(variable + " does not hold " + dtype + " elements");
    }
    return entry(variable);
  }

  @Override
  public void read(Variable variable, int from, float[] destination, int offset, int length) {
    Entry entry = checked(variable, DType.F32, from, length);
    System.arraycopy(entry.floats, entry.base + from, destination, offset, length);
  }

  @Override
  public void write(Variable variable, int to, float[] source, int offset, int length) {
    Entry entry = checked(variable, DType.F32, to, length);
    System.arraycopy(source, offset, entry.floats, entry.base + to, length);
    entry.changes++;
  }

  @Override
  public void read(Variable variable, int from, byte[] destination, int offset, int length) {
    Entry entry = checked(variable, DType.U8, from, length);
    System.arraycopy(entry.bytes, from, destination, offset, length);
  }

  @Override
  public void write(Variable variable, int to, byte[] source, int offset, int length) {
    Entry entry = checked(variable, DType.U8, to, length);
    System.arraycopy(source, offset, entry.bytes, to, length);
    entry.changes++;
  }

  @Override
  public void read(Variable variable, int from, double[] destination, int offset, int length) {
    Entry entry = checked(variable, DType.F64, from, length);
    System.arraycopy(entry.doubles, from, destination, offset, length);
  }

  @Override
  public void write(Variable variable, int to, double[] source, int offset, int length) {
    Entry entry = checked(variable, DType.F64, to, length);
    System.arraycopy(source, offset, entry.doubles, to, length);
    entry.changes++;
  }

  @Override
  public int[] readInts(Variable variable) {
    return typed(variable, DType.I32).ints.clone();
  }

  @Override
  public void write(Variable variable, int[] values) {
    Entry entry = typed(variable, DType.I32);
    variable.requireSize(values.length);
    System.arraycopy(values, 0, entry.ints, 0, values.length);
    entry.changes++;
  }

  @Override
  public long bytes() {
    return entries.keySet().stream().mapToLong(v -> v.type().bytes()).sum();
  }

  @Override
  public void close() {
    entries.clear();
  }

  /** The array of one variable. */
  public static final class Entry {
    final float[] floats;
    final double[] doubles;
    final int[] ints;
    final byte[] bytes;

    /** The index of element 0, see {@link Arena#BASE}. */
    final int base;

    /** How often the variable was written; what is derived from it is stale once this moved on. */
    public long changes;

    Entry(Variable variable) {
      int size = variable.type().shape().size();
      DType dtype = variable.type().dtype();
      base = dtype == DType.F32 ? Arena.BASE : 0;
      floats = Arena.floats(dtype == DType.F32 ? size : 0);
      doubles = new double[dtype == DType.F64 ? size : 0];
      ints = new int[dtype == DType.I32 ? size : 0];
      bytes = new byte[dtype == DType.U8 ? size : 0];
    }
  }
}
