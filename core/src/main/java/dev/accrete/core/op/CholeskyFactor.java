package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The factor R of a symmetric positive definite matrix {@code A = R'R}, R upper triangular (Golub
 * and Van Loan, Matrix Computations, 4.2). Where a pivot is not a positive finite number, A is not
 * positive definite: that row of R and all below it are NaN.
 *
 * <p>Input: a f64 [D (D + 1) / 2], the upper triangle as {@link Triangle} has it. Result: r, alike.
 * It has no gradient.
 */
public record CholeskyFactor() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    side(this, inputs, 0, "a");
    return List.of(inputs.getFirst());
  }

  /** The side of a triangle among the operands. */
  static int side(Op op, List<TensorType> inputs, int index, String operand) {
    Shape shape = Operands.typed(op, inputs, index, operand, DType.F64);
    Operands.require(
        shape.rank() == 1, op.name() + ": " + operand + " must have rank 1, has shape " + shape);
    return Triangle.ofLength(shape.size()).side();
  }

  @Override
  public long macs(List<TensorType> inputs) {
    long side = Triangle.ofLength(inputs.getFirst().shape().size()).side();
    return side * side * side / 6;
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
