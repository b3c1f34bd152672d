package dev.accrete.kernels.vector.norm;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;

import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The sums per channel that the gradient of a normalization needs: of dz and of {@code dz * (x -
 * mean)}, where dz is dy, or if a ReLU follows the normalization, {@code dy} where {@code scale * x
 * + shift > 0}. Reads x beside dy: 8 bytes and 5 operations an element.
 */
public final class GradientSums extends ChannelSums {
  final Operand x;
  final Operand dy;

  /** The map of the ReLU. */
  final Optional<ChannelAffine> relu;

  /** The mean of each channel, 0 in padding lanes; valid after {@link #begin}. */
  final float[] mean;

  private final Operand means;

  /**
   * Sums over {@code dy}, which is written in {@code parts} parts.
   *
   * @param means begins with the mean of every channel
   */
  public GradientSums(
      Operand x, Operand dy, Operand means, Optional<ChannelAffine> relu, int parts) {
    super(x.shape(), parts);
    this.x = x;
    this.dy = dy;
    this.means = means;
    this.relu = relu;
    mean = new float[blocks * BLOCK];
  }

  @Override
  public List<Operand> operands() {
    return List.of(x, means);
  }

  @Override
  public void begin() {
    super.begin();
    System.arraycopy(means.floats, means.offset, mean, 0, x.shape().dim(1));
  }

  @Override
  void sum(
      int lane, int channel, int at, int positions, int planes, int stride, float[] to, int to0) {
    if (relu.isPresent()) {
      ChannelAffine map = relu.get();
      sumMasked(map.scale, map.shift, channel, at, positions, planes, stride, to, to0);
    } else {
      sumAll(channel, at, positions, planes, stride, to, to0);
    }
  }

  private void sumAll(
      int channel, int at, int positions, int planes, int stride, float[] to, int to0) {
    float[] xs = x.floats;
    float[] dys = dy.floats;
    FloatVector mu = FloatVector.fromArray(SPECIES, mean, channel);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector product = sum;
    for (int plane = 0; plane < planes; plane++) {
      int xAt = x.offset + at + plane * stride;
      int dyAt = dy.offset + at + plane * stride;
      for (int i = 0; i < positions * BLOCK; i += BLOCK) {
        FloatVector dz = FloatVector.fromArray(SPECIES, dys, dyAt + i);
        sum = sum.add(dz);
        product = FloatVector.fromArray(SPECIES, xs, xAt + i).sub(mu).fma(dz, product);
      }
    }
    sum.intoArray(to, to0);
    product.intoArray(to, to0 + BLOCK);
  }

  private void sumMasked(
      float[] scales,
      float[] shifts,
      int channel,
      int at,
      int positions,
      int planes,
      int stride,
      float[] to,
      int to0) {
    float[] xs = x.floats;
    float[] dys = dy.floats;
    int dyShift = dy.offset - x.offset;
    FloatVector scale = FloatVector.fromArray(SPECIES, scales, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, shifts, channel);
    FloatVector mu = FloatVector.fromArray(SPECIES, mean, channel);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector sum0 = zero;
    FloatVector product0 = zero;
    FloatVector sum1 = zero;
    FloatVector product1 = zero;
    for (int plane = 0; plane < planes; plane++) {
      int i = x.offset + at + plane * stride;
      int stop = i + positions * BLOCK;
      for (; i + BLOCK < stop; i += 2 * BLOCK) {
        FloatVector a = FloatVector.fromArray(SPECIES, xs, i);
        FloatVector b = FloatVector.fromArray(SPECIES, xs, i + BLOCK);
        VectorMask<Float> onA = a.fma(scale, shift).compare(VectorOperators.GT, 0f);
        VectorMask<Float> onB = b.fma(scale, shift).compare(VectorOperators.GT, 0f);
        FloatVector dzA = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i), onA);
        FloatVector dzB = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i + BLOCK), onB);
        sum0 = sum0.add(dzA);
        product0 = a.sub(mu).fma(dzA, product0);
        sum1 = sum1.add(dzB);
        product1 = b.sub(mu).fma(dzB, product1);
      }
      if (i < stop) {
        FloatVector a = FloatVector.fromArray(SPECIES, xs, i);
        VectorMask<Float> on = a.fma(scale, shift).compare(VectorOperators.GT, 0f);
        FloatVector dz = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i), on);
        sum0 = sum0.add(dz);
        product0 = a.sub(mu).fma(dz, product0);
      }
    }
    sum0.add(sum1).intoArray(to, to0);
    product0.add(product1).intoArray(to, to0 + BLOCK);
  }
}
