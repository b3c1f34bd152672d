package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Adds the outer products of rows with themselves to a symmetric matrix, or takes them off: {@code
 * S + X'X} or {@code S - X'X} (BLAS: syrk). Products and sums are in double precision.
 *
 * <p>Inputs: x f32 or f64 [N, D], s f64 [D (D + 1) / 2], the upper triangle as {@link Triangle} has
 * it. Result: the new triangle. It has no gradient.
 *
 * @param subtract whether they are taken off
 */
public record SymmetricUpdate(boolean subtract) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape x = inputs.getFirst().shape();
    Operands.require(
        inputs.getFirst().dtype() == DType.F32 || inputs.getFirst().dtype() == DType.F64,
        "SymmetricUpdate: x must be F32 or F64, is " + inputs.getFirst());
    Operands.require(x.rank() == 2, "SymmetricUpdate: x must have rank 2, has shape " + x);
    Shape sums = Operands.typed(this, inputs, 1, "s", DType.F64);
    Operands.shape(this, "s", sums, Shape.of(new Triangle(x.dim(1)).length()));
    return List.of(inputs.get(1));
  }

  @Override
  public long macs(List<TensorType> inputs) {
    return (long) inputs.get(0).shape().dim(0) * inputs.get(1).shape().size();
  }

  @Override
  public int inPlaceInput(int output) {
    return 1;
  }
}
