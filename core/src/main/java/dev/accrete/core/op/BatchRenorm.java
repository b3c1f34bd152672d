package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Batch renormalization while training (Ioffe 2017).
 *
 * <p>Inputs: x [N, C, ...], gamma [C], beta [C], movingMean [C], movingVariance [C], limits [3] =
 * {rMax, dMax, averaging}. With batch mean m and standard deviation {@code s = sqrt(variance +
 * epsilon)}, and moving ones M and S:
 *
 * <pre>
 *   r = clamp(s / S, 1 / rMax, rMax)      d = clamp((m - M) / S, -dMax, dMax)
 *   y = gamma * ((x - m) / s * r + d) + beta
 * </pre>
 *
 * <p>r and d use the moving moments from before this mini-batch and carry no gradient. Results: y;
 * saved [4, C] = (m, 1/s, r, d); the new moving mean and variance, {@code averaging * old + (1 -
 * averaging) * batch}. Variances are biased (divided by the number of values, as in the paper).
 */
public record BatchRenorm(float epsilon) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 6);
    Operands.shape(this, inputs, 5, "limits", Shape.of(3));
    return Normalization.trainingResults(this, inputs);
  }

  @Override
  public int inPlaceInput(int output) {
    return Normalization.inPlaceInput(output);
  }
}
