package dev.accrete.kernels.vector.norm;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The gradient with respect to the input of a normalization, {@code dx = k * dz + k1 * (x - mean) +
 * k0} with dz as in {@link GradientSums}, computed by whoever loads it.
 */
public final class NormGradient implements Source {
  /** How a normalization turns sums into coefficients and gradients of gamma and beta. */
  public interface Rule {
    /**
     * Takes the sums of dz and of {@code dz * (x - mean)} of channel {@code c} over {@code count}
     * values and sets the channel's k, k0 and k1.
     */
    void finish(int c, double sum, double product, double count, NormGradient out);
  }

  /** Per channel, 0 in padding lanes; valid after {@link #finish}. */
  final float[] k;

  final float[] k0;
  final float[] k1;

  private final Operand x;
  private final Operand dy;
  private final float[] mean;
  private final Optional<ChannelAffine> relu;
  private final GradientSums sums;
  private final double[] sum;
  private final double[] product;

  /** The gradient that these sums are for. */
  public NormGradient(GradientSums sums) {
    this.sums = sums;
    x = sums.x;
    dy = sums.dy;
    mean = sums.mean;
    relu = sums.relu;
    k = new float[mean.length];
    k0 = new float[mean.length];
    k1 = new float[mean.length];
    sum = new double[mean.length];
    product = new double[mean.length];
  }

  /** Adds the sums of all parts up, in order, and leaves the rest to the rule. */
  public void finish(Rule rule) {
    double count = (double) x.shape().dim(0) * x.shape().spatialSize();
    Arrays.fill(sum, 0);
    Arrays.fill(product, 0);
    sums.addUp(sum, product);
    for (int c = 0; c < x.shape().dim(1); c++) {
      rule.finish(c, sum[c], product[c], count, this);
    }
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public Operand base() {
    return dy;
  }

  @Override
  public List<Operand> operands() {
    return List.of(x, dy);
  }

  @Override
  public float value(int at, int channel) {
    float input = x.floats[x.offset + at];
    float dz = dy.floats[dy.offset + at];
    if (relu.isPresent()) {
      ChannelAffine map = relu.get();
      dz = Math.fma(input, map.scale[channel], map.shift[channel]) > 0f ? dz : 0f;
    }
    return Math.fma(input - mean[channel], k1[channel], Math.fma(dz, k[channel], k0[channel]));
  }

  @Override
  public void copyLines(
      int at, int atStep, float[] to, int to0, int toStep, int lines, int positions, int channel) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int first = at + lane;
      int result = to0 + lane;
      if (relu.isPresent()) {
        copyMasked(relu.get(), first, atStep, to, result, toStep, lines, positions, channel + lane);
      } else {
        copyAll(first, atStep, to, result, toStep, lines, positions, channel + lane);
      }
    }
  }

  private void copyAll(
      int at, int atStep, float[] to, int to0, int toStep, int lines, int positions, int channel) {
    FloatVector mu = FloatVector.fromArray(SPECIES, mean, channel);
    FloatVector factor = FloatVector.fromArray(SPECIES, k, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, k0, channel);
    FloatVector slope = FloatVector.fromArray(SPECIES, k1, channel);
    for (int line = 0; line < lines; line++) {
      int xAt = x.offset + at + line * atStep;
      int dyAt = dy.offset + at + line * atStep;
      int result = to0 + line * toStep;
      for (int i = 0; i < positions; i++) {
        FloatVector centred = FloatVector.fromArray(SPECIES, x.floats, xAt + i * BLOCK).sub(mu);
        FloatVector dz = FloatVector.fromArray(SPECIES, dy.floats, dyAt + i * BLOCK);
        centred.fma(slope, dz.fma(factor, shift)).intoArray(to, result + i * BLOCK);
      }
    }
  }

  private void copyMasked(
      ChannelAffine map,
      int at,
      int atStep,
      float[] to,
      int to0,
      int toStep,
      int lines,
      int positions,
      int channel) {
    float[] xs = x.floats;
    float[] dys = dy.floats;
    FloatVector scale = FloatVector.fromArray(SPECIES, map.scale, channel);
    FloatVector border = FloatVector.fromArray(SPECIES, map.shift, channel);
    FloatVector mu = FloatVector.fromArray(SPECIES, mean, channel);
    FloatVector factor = FloatVector.fromArray(SPECIES, k, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, k0, channel);
    FloatVector slope = FloatVector.fromArray(SPECIES, k1, channel);
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int line = 0; line < lines; line++) {
      int xAt = x.offset + at + line * atStep;
      int dyAt = dy.offset + at + line * atStep;
      int result = to0 + line * toStep;
      for (int i = 0; i < positions; i++) {
        FloatVector value = FloatVector.fromArray(SPECIES, xs, xAt + i * BLOCK);
        VectorMask<Float> on = value.fma(scale, border).compare(VectorOperators.GT, 0f);
        FloatVector dz = zero.blend(FloatVector.fromArray(SPECIES, dys, dyAt + i * BLOCK), on);
        value.sub(mu).fma(slope, dz.fma(factor, shift)).intoArray(to, result + i * BLOCK);
      }
    }
  }
}
