package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/** The gradient of {@link LocalResponseNorm}. Inputs: x [N, C, H, W], dy (as x). Result: dx. */
public record LocalResponseNormGrad(LocalResponseNorm norm) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Operands.shape(this, inputs, 1, "dy", Operands.ranked(this, inputs, 0, "x", 4));
    return List.of(inputs.get(0));
  }
}
