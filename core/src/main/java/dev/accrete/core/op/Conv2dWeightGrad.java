package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link Conv2d} with respect to its weight. Inputs: x [N, C, H, W], dy [N, K, Ho,
 * Wo]. Result: dw of shape {@code weightShape}, summed over the mini-batch.
 */
public record Conv2dWeightGrad(Conv2d conv, Shape weightShape) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape x = Operands.ranked(this, inputs, 0, "x", 4);
    Operands.shape(this, inputs, 1, "dy", conv.outputShape(x, weightShape));
    return List.of(TensorType.f32(weightShape));
  }

  @Override
  public long macs(List<TensorType> inputs) {
    return conv.macs(List.of(inputs.get(0), TensorType.f32(weightShape)));
  }
}
