package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** The same elements in canonical (row-major) order under another shape. Input: x of that size. */
public record Reshape(Shape shape) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape x = Operands.f32(this, inputs, 0, "x");
    Operands.require(
        x.size() == shape.size(),
        "Reshape: x " + x + " does not hold as many elements as " + shape);
    return List.of(TensorType.f32(shape));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
