package dev.accrete.kernels.spec;

import dev.accrete.core.Precision;
import java.util.List;

/**
 * What tensor cores make of factors. Rounding and computing on is the same as having the factors
 * rounded beforehand: thus the reference, which rounds nothing, serves for other precisions too.
 */
public final class RoundedFactors {
  private RoundedFactors() {}

  /**
   * Rounds every element.
   *
   * @param factors of type f32, of any shape
   */
  public static List<HostTensor> of(List<HostTensor> factors, Precision to) {
    return factors.stream().map(factor -> of(factor, to)).toList();
  }

  private static HostTensor of(HostTensor tensor, Precision to) {
    float[] values = tensor.floats().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = of(values[i], to);
    }
    return HostTensor.of(tensor.type(), values);
  }

  /** TF32 rounds ties away from zero, bf16 to even. */
  private static float of(float value, Precision to) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat(
        switch (to) {
          case FP32 -> bits;
          case TF32 -> (bits + 0x1000) & ~0x1fff;
          case BF16 -> (bits + 0x7fff + (bits >>> 16 & 1)) & ~0xffff;
        });
  }
}
