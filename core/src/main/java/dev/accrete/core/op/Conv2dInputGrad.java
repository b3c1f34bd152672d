package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link Conv2d} with respect to x. Inputs: dy [N, K, Ho, Wo], weight. Result: dx
 * of shape {@code inputShape}.
 */
public record Conv2dInputGrad(Conv2d conv, Shape inputShape) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape weight = Operands.ranked(this, inputs, 1, "weight", 4);
    Operands.shape(this, inputs, 0, "dy", conv.outputShape(inputShape, weight));
    return List.of(TensorType.f32(inputShape));
  }

  @Override
  public long macs(List<TensorType> inputs) {
    return conv.macs(List.of(TensorType.f32(inputShape), inputs.get(1)));
  }
}
