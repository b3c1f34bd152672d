package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Joins tensors along the channel axis. Inputs: one or more [N, Ci, ...]. Result: [N, sum Ci, ...].
 */
public record Concat() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.require(!inputs.isEmpty(), "Concat needs at least one input");
    Shape first = Operands.f32(this, inputs, 0, "input 0");
    int channels = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Shape shape = Operands.f32(this, inputs, i, "input " + i);
      Operands.shape(this, inputs, i, "input " + i, first.withDim(1, shape.dim(1)));
      channels += shape.dim(1);
    }
    return List.of(TensorType.f32(first.withDim(1, channels)));
  }
}
