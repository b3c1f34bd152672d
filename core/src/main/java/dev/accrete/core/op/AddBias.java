package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** Adds one number per channel. Inputs: x [N, C, ...], bias [C]. Result: as x. */
public record AddBias() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape x = Operands.f32(this, inputs, 0, "x");
    Operands.shape(this, inputs, 1, "bias", Shape.of(x.dim(1)));
    return List.of(inputs.get(0));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
