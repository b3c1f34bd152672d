package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * A product of two matrices, either of them transposed. Inputs: a [M, K] (or [K, M] if {@code
 * transposeA}), b [K, N] (or [N, K] if {@code transposeB}). Result: [M, N]. A linear layer with
 * weight [out, in] is {@code MatMul(false, true)}.
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape a = Operands.ranked(this, inputs, 0, "a", 2);
    Shape b = Operands.ranked(this, inputs, 1, "b", 2);
    Operands.require(
        inner(a) == b.dim(transposeB ? 1 : 0),
        "MatMul: inner extents of a " + a + " and b " + b + " differ under " + this);
    return List.of(TensorType.f32(a.dim(transposeA ? 1 : 0), b.dim(transposeB ? 0 : 1)));
  }

  private int inner(Shape a) {
    return a.dim(transposeA ? 0 : 1);
  }

  @Override
  public long macs(List<TensorType> inputs) {
    return (long) infer(inputs).get(0).shape().size() * inner(inputs.get(0).shape());
  }
}
