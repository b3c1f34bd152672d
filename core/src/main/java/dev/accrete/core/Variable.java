package dev.accrete.core;

/**
 * A tensor that outlives the runs of a plan: weights, momentum, moving moments, the consolidated
 * bank. Its values live in a {@link Store}; plans compiled against one store share them. Identified
 * by name.
 */
public record Variable(String name, TensorType type) {
  /**
   * Checks that an array holds exactly the elements of this variable.
   *
   * @throws IllegalArgumentException if it does not
   */
  public void requireSize(int elements) {
    if (elements != type.shape().size()) {
      throw new IllegalArgumentException(
          this + " holds " + type.shape().size() + " elements, got " + elements);
    }
  }

  /** The whole variable as an operand. */
  public Value.View view() {
    return new Value.View(this, 0, type);
  }

  /**
   * A contiguous part of this variable as an operand of another shape.
   *
   * @throws IllegalArgumentException if the part does not lie within the variable
   */
  public Value.View view(int offset, Shape shape) {
    return new Value.View(this, offset, new TensorType(type.dtype(), shape));
  }
}
