package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link Relu}. Inputs: y (the result of the Relu), dy. Result: dy where y is
 * positive, else 0.
 */
public record ReluGrad() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Operands.shape(this, inputs, 1, "dy", Operands.f32(this, inputs, 0, "y"));
    return List.of(inputs.get(1));
  }

  @Override
  public int inPlaceInput(int output) {
    return 1;
  }
}
