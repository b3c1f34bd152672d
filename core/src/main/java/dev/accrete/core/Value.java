package dev.accrete.core;

/** An operand or a result in a {@link Graph}. */
public sealed interface Value {
  /** Element type and shape. */
  TensorType type();

  /** Filled by the caller before each run of the plan; keeps its values until filled again. */
  record Input(String name, TensorType type) implements Value {}

  /** The result of a node, alive during one run. */
  record Temporary(int id, TensorType type) implements Value {}

  /** A contiguous part of a variable, in canonical (row-major) order. */
  record View(Variable variable, int offset, TensorType type) implements Value {
    public View {
      if (offset < 0
          || (long) offset + type.shape().size() > variable.type().shape().size()
          || type.dtype() != variable.type().dtype()) {
        throw new IllegalArgumentException(
            "view " + type + " at " + offset + " does not lie within " + variable);
      }
    }

    /** Whether this part and {@code other} share elements. */
    public boolean overlaps(View other) {
      return variable.equals(other.variable)
          && offset < other.offset + other.type.shape().size()
          && other.offset < offset + type.shape().size();
    }
  }
}
