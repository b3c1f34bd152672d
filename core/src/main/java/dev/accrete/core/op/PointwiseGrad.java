package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link Pointwise}. Inputs: v, which is the result y of the function or its
 * operand x as {@link PointFunction#gradientOfResult} says; dy. Result: dx.
 */
public record PointwiseGrad(PointFunction function) implements Op {
  /** dy where y is positive, else 0. */
  public static final PointwiseGrad RELU = new PointwiseGrad(PointFunction.RELU);

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    String v = function.gradientOfResult() ? "y" : "x";
    Operands.shape(this, inputs, 1, "dy", Operands.f32(this, inputs, 0, v));
    return List.of(inputs.get(1));
  }

  @Override
  public int inPlaceInput(int output) {
    return 1;
  }

  /** The function's label and {@code Grad}, for example {@code ReluGrad}. */
  @Override
  public String name() {
    return function.label() + "Grad";
  }
}
