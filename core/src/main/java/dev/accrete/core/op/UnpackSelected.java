package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * What {@link PackSelected} packed, where it was, and zeros elsewhere.
 *
 * <p>Inputs: packed [K], bits and before as {@link Selection} describes them; at most K elements
 * are chosen. Result: values [size].
 *
 * @param size P, the length of the flat buffer
 */
public record UnpackSelected(int size) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 3);
    Operands.ranked(this, inputs, 0, "packed", 1);
    PackSelected.selection(this, inputs, 1, size);
    return List.of(TensorType.f32(Shape.of(size)));
  }
}
