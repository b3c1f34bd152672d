package dev.accrete.kernels.vector.norm;

import dev.accrete.kernels.vector.norm.NormGradient.Rule;
import dev.accrete.kernels.vector.tensor.Operand;

/** The arithmetic per channel in the backward passes of the normalizations. */
public final class NormRules {
  private NormRules() {}

  /**
   * Batch (re)normalization by saved [4, C] = (mean, 1/s, r, d); see {@link
   * dev.accrete.core.op.BatchRenormGrad}.
   */
  public record Batch(Operand gamma, Operand saved, Operand dgamma, Operand dbeta) implements Rule {
    @Override
    public void finish(int c, double sum, double product, double count, NormGradient out) {
      double inverse = saved.floats[saved.offset + channels() + c];
      double r = saved.floats[saved.offset + 2 * channels() + c];
      double d = saved.floats[saved.offset + 3 * channels() + c];
      double k = gamma.floats[gamma.offset + c] * r * inverse;
      double normalized = product * inverse;
      out.k[c] = (float) k;
      out.k0[c] = (float) (-k * sum / count);
      out.k1[c] = (float) (-k * inverse * normalized / count);
      dgamma.floats[dgamma.offset + c] = (float) (normalized * r + sum * d);
      dbeta.floats[dbeta.offset + c] = (float) sum;
    }

    private int channels() {
      return gamma.shape().size();
    }
  }

  /** Fixed moments; see {@link dev.accrete.core.op.BatchNormInferenceGrad}. */
  public record Fixed(
      double epsilon, Operand gamma, Operand variance, Operand dgamma, Operand dbeta)
      implements Rule {
    @Override
    public void finish(int c, double sum, double product, double count, NormGradient out) {
      double inverse = 1 / Math.sqrt(variance.floats[variance.offset + c] + epsilon);
      out.k[c] = (float) (gamma.floats[gamma.offset + c] * inverse);
      dgamma.floats[dgamma.offset + c] = (float) (product * inverse);
      dbeta.floats[dbeta.offset + c] = (float) sum;
    }
  }
}
