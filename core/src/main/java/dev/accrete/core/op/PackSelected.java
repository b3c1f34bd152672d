package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The chosen elements of a flat buffer, one after the other.
 *
 * <p>Inputs: values [P], bits and before as {@link Selection} describes them. Result: packed
 * [capacity]; zeros where fewer elements are chosen. More must not be.
 *
 * @param capacity how many elements the result has room for
 */
public record PackSelected(int capacity) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 3);
    Shape values = Operands.ranked(this, inputs, 0, "values", 1);
    selection(this, inputs, 1, values.size());
    return List.of(TensorType.f32(capacity));
  }

  /** Checks operands {@code index} and the next: a selection of {@code size} elements. */
  static void selection(Op op, List<TensorType> inputs, int index, int size) {
    Shape bits = Operands.typed(op, inputs, index, "bits", DType.I32);
    Operands.shape(op, "bits", bits, Shape.of(Selection.words(size)));
    Shape before = Operands.typed(op, inputs, index + 1, "before", DType.I32);
    Operands.shape(op, "before", before, Shape.of(Selection.blocks(size)));
  }
}
