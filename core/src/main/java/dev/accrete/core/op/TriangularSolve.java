package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Solves {@code R x = b}, or {@code R' x = b}, for every row b of a matrix, R upper triangular:
 * with the factor of {@link CholeskyFactor} the two steps, transposed first, solve {@code R'R x =
 * b}.
 *
 * <p>Inputs: r f64 [D (D + 1) / 2] as {@link Triangle} has it, b f64 [N, D]. Result: x [N, D]. A
 * diagonal element of 0 gives what a division by it gives. It has no gradient.
 *
 * @param transposed whether the matrix is R'
 */
public record TriangularSolve(boolean transposed) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    int side = CholeskyFactor.side(this, inputs, 0, "r");
    Shape b = Operands.typed(this, inputs, 1, "b", DType.F64);
    Operands.require(b.rank() == 2, "TriangularSolve: b must have rank 2, has shape " + b);
    Operands.shape(this, "b", b, Shape.of(b.dim(0), side));
    return List.of(inputs.get(1));
  }

  @Override
  public long macs(List<TensorType> inputs) {
    return (long) inputs.get(1).shape().dim(0) * inputs.get(0).shape().size();
  }

  @Override
  public int inPlaceInput(int output) {
    return 1;
  }
}
