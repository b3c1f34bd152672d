package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.op.PointFunction;
import dev.accrete.kernels.vector.tensor.Operand;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions of {@link PointFunction} and their gradients on lanes. All but ReLU stand on one
 * exponential of our own: the JDK's depends on the processor in its last bits, and on some is
 * computed lane by lane.
 */
public final class PointLanes {
  private static final float LOG2_E = 1.442695f;

  /** ln 2 in two parts: products of the first with the exponents of floats are exact. */
  private static final float LN2_HIGH = 0x1.63p-1f;

  private static final float LN2_LOW = -0.00021219444f;

  /** Added to a number below 2^22, it rounds it to a whole one, which the last bits then hold. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int MANTISSA_BITS = 23;

  /** Beyond these, an exponential in fp32 is infinite, or no normal number. */
  private static final float LARGEST_EXPONENT = 88f;

  private static final float LEAST_EXPONENT = -87f;

  /** Beyond this and its negative, a GELU's gate is 1 or 0 in fp32. */
  private static final float GATE_END = 16f;

  private static final float GELU_LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));
  private static final float GELU_CUBIC = (float) (0.044715 * 2 * Math.sqrt(2 / Math.PI));

  /** Below this, a tanh is a polynomial: 1 - 2 / (exp(2x) + 1) would cancel. */
  private static final float TANH_POLYNOMIAL_END = 0.625f;

  private PointLanes() {}

  /** The slope of x * sigmoid(x). */
  private static FloatVector siluSlope(FloatVector x, FloatVector gate) {
    return x.mul(gate).mul(gate.neg().add(1f)).add(gate);
  }

  private static FloatVector hardSwishSlope(FloatVector x) {
    VectorMask<Float> above = x.compare(VectorOperators.GT, 3f);
    VectorMask<Float> below = x.compare(VectorOperators.LT, -3f);
    return x.mul(1 / 3f).add(0.5f).blend(1f, above).blend(0f, below);
  }

  private static FloatVector geluExponent(FloatVector x) {
    FloatVector inside = x.max(-GATE_END).min(GATE_END);
    return inside.mul(inside.mul(inside).mul(GELU_CUBIC).add(GELU_LINEAR));
  }

  /** The slope of {@link #geluExponent}. */
  private static FloatVector geluSlope(FloatVector x) {
    FloatVector inside = x.max(-GATE_END).min(GATE_END);
    return inside.mul(inside).mul(3 * GELU_CUBIC).add(GELU_LINEAR);
  }

  private static FloatVector sigmoid(FloatVector x) {
    return FloatVector.broadcast(SPECIES, 1f).div(exp(x.neg()).add(1f));
  }

  /** The polynomial is that of {@code tanhf} in S. Moshier's Cephes library. */
  private static FloatVector tanh(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector polynomial = FloatVector.broadcast(SPECIES, -0.0057049887f);
    polynomial = polynomial.fma(square, FloatVector.broadcast(SPECIES, 0.020639088f));
    polynomial = polynomial.fma(square, FloatVector.broadcast(SPECIES, -0.053739715f));
    polynomial = polynomial.fma(square, FloatVector.broadcast(SPECIES, 0.13331442f));
    polynomial = polynomial.fma(square, FloatVector.broadcast(SPECIES, -0.3333328f));
    FloatVector near = polynomial.mul(square).fma(x, x);
    FloatVector far = FloatVector.broadcast(SPECIES, -2f).div(exp(x.add(x)).add(1f)).add(1f);
    return far.blend(near, x.abs().compare(VectorOperators.LT, TANH_POLYNOMIAL_END));
  }

  /**
   * exp to two units in the last place, 1e-38 at least; infinity where fp32 ends, NaN of NaN.
   * Reduction and polynomial are those of {@code expf} in Cephes.
   */
  private static FloatVector exp(FloatVector x) {
    FloatVector inside = x.max(LEAST_EXPONENT).min(LARGEST_EXPONENT);
    FloatVector rounder = FloatVector.broadcast(SPECIES, ROUNDER);
    FloatVector rounded = inside.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounder);
    FloatVector whole = rounded.sub(rounder);
    FloatVector rest = whole.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), inside);
    rest = whole.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), rest);
    FloatVector polynomial = FloatVector.broadcast(SPECIES, 0.00019875691f);
    polynomial = polynomial.fma(rest, FloatVector.broadcast(SPECIES, 0.0013981999f));
    polynomial = polynomial.fma(rest, FloatVector.broadcast(SPECIES, 0.008333452f));
    polynomial = polynomial.fma(rest, FloatVector.broadcast(SPECIES, 0.041665796f));
    polynomial = polynomial.fma(rest, FloatVector.broadcast(SPECIES, 0.16666666f));
    polynomial = polynomial.fma(rest, FloatVector.broadcast(SPECIES, 0.5f));
    FloatVector fraction = polynomial.fma(rest.mul(rest), rest).add(1f);
    IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    FloatVector result = fraction.reinterpretAsInts().add(power).reinterpretAsFloats();
    return result.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, LARGEST_EXPONENT));
  }

  private static FloatVector load(Operand x, int i, int to) {
    return FloatVector.fromArray(SPECIES, x.floats, x.offset + i, SPECIES.indexInRange(i, to));
  }

  /**
   * y = function(x). Each function has a loop of its own: one loop with a switch, or with a
   * function as its argument, is too much for C2 to inline, which then allocates every vector. What
   * comes after an exponential is written out for the same reason: the Vector API's own methods are
   * inlined whatever their number.
   */
  public static Elements.Loop values(PointFunction function, Operand x, Operand y) {
    return switch (function) {
      case RELU -> Elements.relu(x, y);
      case GELU ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(x, i, to);
              v.mul(sigmoid(geluExponent(v)))
                  .intoArray(y.floats, y.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case SILU ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(x, i, to);
              v.mul(sigmoid(v)).intoArray(y.floats, y.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case HARD_SWISH ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(x, i, to);
              v.mul(v.add(3f).max(0f).min(6f).mul(1 / 6f))
                  .intoArray(y.floats, y.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case TANH ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(x, i, to);
              tanh(v).intoArray(y.floats, y.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case SIGMOID ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(x, i, to);
              sigmoid(v).intoArray(y.floats, y.offset + i, SPECIES.indexInRange(i, to));
            }
          };
    };
  }

  /** dx = the function's gradient at v, which is x or y as the function says, times dy. */
  public static Elements.Loop gradients(
      PointFunction function, Operand at, Operand dy, Operand dx) {
    return switch (function) {
      case RELU -> Elements.reluGrad(at, dy, dx);
      case GELU ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(at, i, to);
              FloatVector upstream = load(dy, i, to);
              FloatVector slope = geluSlope(v);
              FloatVector gate = sigmoid(geluExponent(v));
              v.mul(gate)
                  .mul(gate.neg().add(1f))
                  .fma(slope, gate)
                  .mul(upstream)
                  .intoArray(dx.floats, dx.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case SILU ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(at, i, to);
              siluSlope(v, sigmoid(v))
                  .mul(load(dy, i, to))
                  .intoArray(dx.floats, dx.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case HARD_SWISH ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(at, i, to);
              hardSwishSlope(v)
                  .mul(load(dy, i, to))
                  .intoArray(dx.floats, dx.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case TANH ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(at, i, to);
              v.mul(v)
                  .neg()
                  .add(1f)
                  .mul(load(dy, i, to))
                  .intoArray(dx.floats, dx.offset + i, SPECIES.indexInRange(i, to));
            }
          };
      case SIGMOID ->
          (from, to) -> {
            for (int i = from; i < to; i += WIDTH) {
              FloatVector v = load(at, i, to);
              v.sub(v.mul(v))
                  .mul(load(dy, i, to))
                  .intoArray(dx.floats, dx.offset + i, SPECIES.indexInRange(i, to));
            }
          };
    };
  }
}
