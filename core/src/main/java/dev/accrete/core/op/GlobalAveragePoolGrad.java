package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link GlobalAveragePool}. Input: dy [N, C]. Result: dx [N, C, height, width],
 * each plane filled with {@code dy / (height * width)}.
 */
public record GlobalAveragePoolGrad(int height, int width) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape dy = Operands.ranked(this, inputs, 0, "dy", 2);
    return List.of(TensorType.f32(dy.dim(0), dy.dim(1), height, width));
  }
}
