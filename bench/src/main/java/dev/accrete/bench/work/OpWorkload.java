package dev.accrete.bench.work;

import java.util.Locale;

/**
 * One convolution or batch normalization alone, on operands in the engine's own layout. Operands
 * hold {@link #element numbers} that every engine makes for itself.
 *
 * @param pass forward, or all gradients
 * @param channels of x
 * @param size height and width of x
 * @param filters channels of y
 * @param kernel height and width of the kernel, odd, padded by half; {@link #NORMALIZATION} for a
 *     normalization
 * @param groups of a convolution
 * @param inputGradient whether the backward pass gives dx too, which the first convolution of a
 *     network never has to
 */
public record OpWorkload(
    Pass pass,
    int miniBatch,
    int channels,
    int size,
    int filters,
    int kernel,
    int stride,
    int groups,
    boolean inputGradient,
    int threads,
    String backend)
    implements Workload {
  /** The kernel of a batch normalization. */
  public static final int NORMALIZATION = 0;

  /** Which way. */
  public enum Pass {
    FORWARD,
    BACKWARD
  }

  public OpWorkload {
    if (miniBatch < 1 || threads < 1 || (kernel != NORMALIZATION && kernel % 2 == 0)) {
      throw new IllegalArgumentException(
          "images and threads are at least 1 and kernels odd; got "
              + miniBatch
              + ", "
              + threads
              + " and "
              + kernel);
    }
  }

  /** Whether this is a normalization. */
  public boolean normalizes() {
    return kernel == NORMALIZATION;
  }

  /** This with another number of images. */
  public OpWorkload withMiniBatch(int images) {
    return new OpWorkload(
        pass,
        images,
        channels,
        size,
        filters,
        kernel,
        stride,
        groups,
        inputGradient,
        threads,
        backend);
  }

  /** For example {@code op-depthwise-3x3-512-8x8-mb128-backward-t2}. */
  @Override
  public String name() {
    String what =
        normalizes()
            ? "batch-norm-" + channels
            : groups == channels
                ? String.format(Locale.ROOT, "depthwise-%dx%d-%d", kernel, kernel, channels)
                : String.format(
                    Locale.ROOT,
                    "%s-%dx%d-%dto%d",
                    kernel == 1 ? "pointwise" : "convolution",
                    kernel,
                    kernel,
                    channels,
                    filters);
    return String.format(
        Locale.ROOT,
        "op-%s-%dx%d%s-mb%d-%s-t%d",
        what,
        size,
        size,
        stride == 1 ? "" : "-s" + stride,
        miniBatch,
        pass.name().toLowerCase(Locale.ROOT),
        threads);
  }

  /**
   * An operand's element in [-1, 1): a hash, so that engines in any language agree on it to the
   * bit.
   *
   * @param operand 0 = x, 1 = weight, 2 = dy
   * @param index canonical
   */
  public static float element(int operand, long index) {
    long mask = 0xFFFFFFFFL;
    long h = (index + 1) * 2654435769L + operand * 668265263L & mask;
    h ^= h >>> 15;
    h = h * 2246822519L & mask;
    h ^= h >>> 13;
    return (float) ((h >>> 8) / (double) (1 << 23) - 1);
  }
}
