package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Local response normalization across channels (Krizhevsky et al. 2012, in Caffe's scaling): {@code
 * y = x / (k + alpha / size * sum x'^2)^beta}, the sum over the {@code size} channels around x's
 * own, zero outside. Input: x [N, C, H, W]. Result: as x.
 */
public record LocalResponseNorm(int size, float alpha, float beta, float k) implements Op {
  public LocalResponseNorm {
    Operands.require(
        size > 0 && size % 2 == 1 && k > 0,
        "LocalResponseNorm: size must be odd and k positive, got size " + size + ", k " + k);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Operands.ranked(this, inputs, 0, "x", 4);
    return List.of(inputs.get(0));
  }
}
