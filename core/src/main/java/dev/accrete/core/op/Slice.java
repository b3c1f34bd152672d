package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** Channels {@code from} (inclusive) to {@code to} (exclusive). Input: x [N, C, ...]. */
public record Slice(int from, int to) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape x = Operands.f32(this, inputs, 0, "x");
    Operands.require(
        0 <= from && from < to && to <= x.dim(1),
        "Slice: channels " + from + " to " + to + " are not within x " + x);
    return List.of(TensorType.f32(x.withDim(1, to - from)));
  }
}
