package dev.accrete.kernels.spec;

import dev.accrete.core.DType;
import dev.accrete.core.Rng;
import dev.accrete.core.TensorType;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;

/** Where the elements of an operand come from. Pure functions of the random generator. */
@FunctionalInterface
public interface Generator {
  /** Elements for an operand of this type. */
  HostTensor generate(Rng rng, TensorType type);

  /** A generator of floats, one element after the other. */
  @FunctionalInterface
  interface Elements {
    /** The element at a canonical index. */
    double at(Rng rng, int index);
  }

  /** What a function makes of these floats. */
  default Generator map(DoubleUnaryOperator function) {
    return (rng, type) -> {
      float[] values = generate(rng, type).floats();
      float[] mapped = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        mapped[i] = (float) function.applyAsDouble(values[i]);
      }
      return HostTensor.of(type, mapped);
    };
  }

  /** Floats drawn one by one; doubles for an F64 operand. */
  static Generator floats(Elements elements) {
    return (rng, type) -> {
      if (type.dtype() == DType.F64) {
        double[] doubles = new double[type.shape().size()];
        for (int i = 0; i < doubles.length; i++) {
          doubles[i] = elements.at(rng, i);
        }
        return HostTensor.of(type, doubles);
      }
      float[] values = new float[type.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) elements.at(rng, i);
      }
      return HostTensor.of(type, values);
    };
  }

  /** Uniform in {@code [low, high)}. */
  static Generator uniform(double low, double high) {
    return floats((rng, i) -> low + (high - low) * rng.nextDouble());
  }

  /** Uniform in {@code [-1, 1)}. */
  static Generator uniform() {
    return uniform(-1, 1);
  }

  /** Normal. */
  static Generator normal(double mean, double deviation) {
    return floats((rng, i) -> mean + deviation * rng.nextGaussian());
  }

  /** Whole numbers from {@code low} to {@code high} inclusive: many ties. */
  static Generator whole(int low, int high) {
    return floats((rng, i) -> low + rng.nextInt(high - low + 1));
  }

  /** Uniform in {@code [0.1, 1.1)} with a random sign: no kink of a piecewise linear op is near. */
  static Generator awayFromZero() {
    return floats((rng, i) -> (rng.nextInt() < 0 ? -1 : 1) * (0.1 + rng.nextDouble()));
  }

  /**
   * Uniform between {@code -largest} and {@code largest}, but 0.1 at least from every whole number:
   * kinks of functions of one element lie there.
   */
  static Generator betweenWholes(int largest) {
    return floats((rng, i) -> rng.nextInt(2 * largest) - largest + 0.1 + 0.8 * rng.nextDouble());
  }

  /** A random order of numbers 0.05 apart, around 0: no two elements tie or nearly tie. */
  static Generator distinct() {
    return (rng, type) -> {
      int[] order = rng.permutation(type.shape().size());
      float[] values = new float[order.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.05f * (order[i] - order.length / 2);
      }
      return HostTensor.of(type, values);
    };
  }

  /** Given numbers, over and over. */
  static Generator values(double... numbers) {
    return floats((rng, i) -> numbers[i % numbers.length]);
  }

  /** 1 where {@code allowed} holds for the element's index, else 0. */
  static Generator mask(IntPredicate allowed) {
    return floats((rng, i) -> allowed.test(i) ? 1 : 0);
  }

  /**
   * Class labels among the allowed of {@code classes} classes, a share of them negative.
   *
   * @throws IllegalArgumentException if no class is allowed
   */
  static Generator labels(int classes, IntPredicate allowed, double negativeShare) {
    int[] drawn = java.util.stream.IntStream.range(0, classes).filter(allowed).toArray();
    if (drawn.length == 0) {
      throw new IllegalArgumentException("no class of " + classes + " is allowed");
    }
    return (rng, type) -> {
      int[] values = new int[type.shape().size()];
      for (int i = 0; i < values.length; i++) {
        boolean negative = rng.nextDouble() < negativeShare;
        values[i] = negative ? -1 - rng.nextInt(3) : drawn[rng.nextInt(drawn.length)];
      }
      return HostTensor.of(type, values);
    };
  }

  /** Any 32-bit integers. */
  static Generator words() {
    return (rng, type) -> {
      int[] values = new int[type.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = rng.nextInt();
      }
      return HostTensor.of(type, values);
    };
  }

  /** Rows of (flip, top, left): flip 0 or 1, shifts from {@code -shift} to {@code shift}. */
  static Generator augmentations(int shift) {
    return (rng, type) -> {
      int[] values = new int[type.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 3 == 0 ? rng.nextInt(2) : rng.nextInt(2 * shift + 1) - shift;
      }
      return HostTensor.of(type, values);
    };
  }

  /** Any bytes. */
  static Generator bytes() {
    return (rng, type) -> {
      byte[] values = new byte[type.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) rng.nextInt(256);
      }
      return HostTensor.of(type, values);
    };
  }
}
