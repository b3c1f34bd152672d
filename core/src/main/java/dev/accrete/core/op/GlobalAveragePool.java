package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** The mean of every plane. Input: x [N, C, H, W]. Result: [N, C]. */
public record GlobalAveragePool() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape x = Operands.ranked(this, inputs, 0, "x", 4);
    return List.of(TensorType.f32(x.dim(0), x.dim(1)));
  }
}
