package dev.accrete.kernels.vector.norm;

import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Operand;

/**
 * The normalizations as a scale and a shift per channel; what applies them is whoever reads the
 * activation (see {@link ChannelAffine}).
 */
public final class NormForward {
  private NormForward() {}

  /** The results of a training normalization other than y; [C] each, saved [4, C]. */
  public record Moments(
      Operand oldMean, Operand oldVariance, Operand saved, Operand mean, Operand variance) {}

  /** What a training normalization needs to know in a run. */
  public interface Limits {
    /** The limit of r in batch renormalization. */
    float rMax();

    /** The limit of d. */
    float dMax();

    /** The weight of the old moving moments. */
    float averaging();
  }

  /** The limits of batch renormalization, from its operand [3]. */
  public record RenormLimits(Operand limits) implements Limits {
    @Override
    public float rMax() {
      return limits.floats[limits.offset];
    }

    @Override
    public float dMax() {
      return limits.floats[limits.offset + 1];
    }

    @Override
    public float averaging() {
      return limits.floats[limits.offset + 2];
    }
  }

  /** Batch normalization: r = 1, d = 0. */
  public record PlainLimits(float averaging) implements Limits {
    @Override
    public float rMax() {
      return 1;
    }

    @Override
    public float dMax() {
      return 0;
    }
  }

  /**
   * Batch (re)normalization while training, once the statistics are added up; see {@link
   * dev.accrete.core.op.BatchRenorm}.
   */
  public static Step train(
      double epsilon,
      Limits limits,
      ChannelStatistics statistics,
      Operand gamma,
      Operand beta,
      Moments moments,
      ChannelAffine map) {
    int channels = gamma.shape().size();
    return () -> {
      statistics.finish();
      for (int c = 0; c < channels; c++) {
        train(c, epsilon, limits, statistics, gamma, beta, moments, map);
      }
    };
  }

  private static void train(
      int c,
      double epsilon,
      Limits limits,
      ChannelStatistics statistics,
      Operand gamma,
      Operand beta,
      Moments moments,
      ChannelAffine map) {
    double mean = statistics.means[c];
    double variance = statistics.variances[c];
    double oldMean = moments.oldMean.floats[moments.oldMean.offset + c];
    double oldVariance = moments.oldVariance.floats[moments.oldVariance.offset + c];
    double s = Math.sqrt(variance + epsilon);
    double moving = Math.sqrt(oldVariance + epsilon);
    double rMax = limits.rMax();
    double dMax = limits.dMax();
    double r = Math.min(Math.max(s / moving, 1 / rMax), rMax);
    double d = Math.min(Math.max((mean - oldMean) / moving, -dMax), dMax);
    // Rounded before the shift is computed, which then makes up for the rounding.
    float scale = (float) (gamma.floats[gamma.offset + c] * r / s);
    map.scale[c] = scale;
    map.shift[c] =
        (float) (beta.floats[beta.offset + c] + gamma.floats[gamma.offset + c] * d - mean * scale);
    int channels = gamma.shape().size();
    int at = moments.saved.offset + c;
    moments.saved.floats[at] = (float) mean;
    moments.saved.floats[at + channels] = (float) (1 / s);
    moments.saved.floats[at + 2 * channels] = (float) r;
    moments.saved.floats[at + 3 * channels] = (float) d;
    double old = limits.averaging();
    moments.mean.floats[moments.mean.offset + c] = (float) (old * oldMean + (1 - old) * mean);
    moments.variance.floats[moments.variance.offset + c] =
        (float) (old * oldVariance + (1 - old) * variance);
  }

  /** Normalization by fixed moments; see {@link dev.accrete.core.op.BatchNormInference}. */
  public static Step infer(
      double epsilon,
      int channels,
      Operand gamma,
      Operand beta,
      Operand mean,
      Operand variance,
      ChannelAffine map) {
    return () -> {
      for (int c = 0; c < channels; c++) {
        double s = Math.sqrt(variance.floats[variance.offset + c] + epsilon);
        float scale = (float) (gamma.floats[gamma.offset + c] / s);
        map.scale[c] = scale;
        map.shift[c] =
            (float) (beta.floats[beta.offset + c] - (double) scale * mean.floats[mean.offset + c]);
      }
    };
  }
}
