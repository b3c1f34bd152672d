package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Normalization by fixed moments, {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}:
 * batch norm and batch renorm at test time, and in frozen layers. Inputs: x [N, C, ...], gamma [C],
 * beta [C], mean [C], variance [C]. Result: as x.
 */
public record BatchNormInference(float epsilon) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 5);
    Shape x = Operands.f32(this, inputs, 0, "x");
    String[] operands = {"x", "gamma", "beta", "mean", "variance"};
    for (int i = 1; i < operands.length; i++) {
      Operands.shape(this, inputs, i, operands[i], Shape.of(x.dim(1)));
    }
    return List.of(inputs.get(0));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
