package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Sums over everything but the channel: the gradient of {@link AddBias} with respect to its bias.
 * Input: x [N, C, ...]. Result: [C].
 */
public record ChannelSum() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape x = Operands.f32(this, inputs, 0, "x");
    return List.of(TensorType.f32(x.dim(1)));
  }
}
