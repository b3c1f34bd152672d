package dev.accrete.kernels.reference;

import dev.accrete.core.DType;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Store;
import dev.accrete.core.Variable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Variables as Java arrays. */
final class ReferenceStore implements Store {
  private final Map<Variable, Cells> cells = new LinkedHashMap<>();

  ReferenceStore(Collection<Variable> variables) {
    try {
      for (Variable variable : variables) {
        cells.put(variable, Cells.of(variable.type()));
      }
    } catch (OutOfMemoryError e) {
      long bytes = variables.stream().mapToLong(v -> v.type().bytes()).sum();
      throw new MemoryException(
          "the variables need " + bytes + " bytes of heap; raise it with -Xmx", e);
    }
  }

  @Override
  public Set<Variable> variables() {
    return Set.copyOf(cells.keySet());
  }

  /**
   * The elements of a variable.
   *
   * @throws IllegalArgumentException if it does not live here
   */
  Cells cells(Variable variable) {
    Cells found = cells.get(variable);
    if (found == null) {
      throw new IllegalArgumentException(
          "the store has no " + variable + "; it has " + cells.keySet());
    }
    return found;
  }

  private float[] floats(Variable variable) {
    if (variable.type().dtype() != DType.F32) {
      throw new IllegalArgumentException(variable + " does not hold F32 elements");
    }
    return cells(variable).floats();
  }

  private double[] doubles(Variable variable) {
    if (variable.type().dtype() != DType.F64) {
      throw new IllegalArgumentException(variable + " does not hold F64 elements");
    }
    return cells(variable).doubles();
  }

  private byte[] bytes(Variable variable) {
    if (variable.type().dtype() != DType.U8) {
      throw new IllegalArgumentException(variable + " does not hold U8 elements");
    }
    return cells(variable).bytes();
  }

  @Override
  public void read(Variable variable, int from, float[] destination, int offset, int length) {
    System.arraycopy(floats(variable), from, destination, offset, length);
  }

  @Override
  public void read(Variable variable, int from, byte[] destination, int offset, int length) {
    System.arraycopy(bytes(variable), from, destination, offset, length);
  }

  @Override
  public void write(Variable variable, int to, float[] source, int offset, int length) {
    System.arraycopy(source, offset, floats(variable), to, length);
  }

  @Override
  public void write(Variable variable, int to, byte[] source, int offset, int length) {
    System.arraycopy(source, offset, bytes(variable), to, length);
  }

  @Override
  public void read(Variable variable, int from, double[] destination, int offset, int length) {
    System.arraycopy(doubles(variable), from, destination, offset, length);
  }

  @Override
  public void write(Variable variable, int to, double[] source, int offset, int length) {
    System.arraycopy(source, offset, doubles(variable), to, length);
  }

  private int[] ints(Variable variable) {
    if (variable.type().dtype() != DType.I32) {
      throw new IllegalArgumentException(variable + " does not hold I32 elements");
    }
    return cells(variable).ints();
  }

  @Override
  public int[] readInts(Variable variable) {
    return ints(variable).clone();
  }

  @Override
  public void write(Variable variable, int[] values) {
    int[] target = ints(variable);
    variable.requireSize(values.length);
    System.arraycopy(values, 0, target, 0, values.length);
  }

  @Override
  public long bytes() {
    return cells.keySet().stream().mapToLong(v -> v.type().bytes()).sum();
  }

  @Override
  public void close() {
    cells.clear();
  }
}
