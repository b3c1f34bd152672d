package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link BatchRenorm} and {@link BatchNorm}; r and d count as constants.
 *
 * <p>Inputs: x, gamma [C], saved [4, C], dy (as x). Results: dx, dgamma [C], dbeta [C]. With {@code
 * h = (x - m) / s} and means over everything but the channel:
 *
 * <pre>
 *   dbeta = sum(dy)     dgamma = sum(dy * (h * r + d))
 *   dx = gamma * r / s * (dy - mean(dy) - h * mean(dy * h))
 * </pre>
 */
public record BatchRenormGrad() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 4);
    Shape x = Operands.f32(this, inputs, 0, "x");
    Operands.shape(this, inputs, 1, "gamma", Shape.of(x.dim(1)));
    Operands.shape(this, inputs, 2, "saved", Shape.of(4, x.dim(1)));
    Operands.shape(this, inputs, 3, "dy", x);
    return List.of(inputs.get(0), TensorType.f32(x.dim(1)), TensorType.f32(x.dim(1)));
  }

  @Override
  public int inPlaceInput(int output) {
    return output == 0 ? 3 : -1;
  }
}
