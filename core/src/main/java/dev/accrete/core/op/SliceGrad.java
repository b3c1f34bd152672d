package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link Slice}: dy [N, to - from, ...] placed at its channels among {@code
 * channels} ones, zero elsewhere.
 */
public record SliceGrad(Slice slice, int channels) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape dy = Operands.f32(this, inputs, 0, "dy");
    Operands.require(
        dy.dim(1) == slice.to() - slice.from() && slice.to() <= channels,
        "SliceGrad: dy " + dy + " does not fit " + slice + " of " + channels + " channels");
    return List.of(TensorType.f32(dy.withDim(1, channels)));
  }
}
