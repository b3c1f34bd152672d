package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link BatchNormInference}. Inputs: x [N, C, ...], gamma [C], mean [C], variance
 * [C], dy (as x). Results: dx = dy * gamma / s; dgamma = sum(dy * (x - mean) / s); dbeta = sum(dy),
 * with {@code s = sqrt(variance + epsilon)}.
 */
public record BatchNormInferenceGrad(float epsilon) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 5);
    Shape x = Operands.f32(this, inputs, 0, "x");
    String[] operands = {"x", "gamma", "mean", "variance"};
    for (int i = 1; i < operands.length; i++) {
      Operands.shape(this, inputs, i, operands[i], Shape.of(x.dim(1)));
    }
    Operands.shape(this, inputs, 4, "dy", x);
    return List.of(inputs.get(0), TensorType.f32(x.dim(1)), TensorType.f32(x.dim(1)));
  }

  @Override
  public int inPlaceInput(int output) {
    return output == 0 ? 4 : -1;
  }
}
