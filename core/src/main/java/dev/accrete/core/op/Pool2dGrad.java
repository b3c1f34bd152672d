package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link Pool2d}. Inputs: x [N, C, H, W], dy [N, C, Ho, Wo]. Result: dx. Where
 * several elements of a window share the maximum, the first one (row by row) takes the gradient.
 */
public record Pool2dGrad(Pool2d pool) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape x = Operands.ranked(this, inputs, 0, "x", 4);
    Operands.shape(this, inputs, 1, "dy", pool.outputShape(x));
    return List.of(inputs.get(0));
  }
}
