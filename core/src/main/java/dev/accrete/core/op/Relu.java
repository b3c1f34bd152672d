package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/** {@code max(x, 0)}; NaN stays NaN. Input: x of any shape. Result: as x. */
public record Relu() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    return List.of(TensorType.f32(Operands.f32(this, inputs, 0, "x")));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
