package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Batch normalization while training (Ioffe and Szegedy 2015): {@link BatchRenorm} with r = 1, d =
 * 0 and a fixed averaging weight.
 *
 * <p>Inputs: x [N, C, ...], gamma [C], beta [C], movingMean [C], movingVariance [C]. Results: y;
 * saved [4, C] (batch mean, 1/sqrt(batch variance + epsilon), ones, zeros); the new moving mean and
 * variance, {@code averaging * old + (1 - averaging) * batch}. Variances are biased.
 */
public record BatchNorm(float epsilon, float averaging) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 5);
    return Normalization.trainingResults(this, inputs);
  }

  @Override
  public int inPlaceInput(int output) {
    return Normalization.inPlaceInput(output);
  }
}
