package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;

/** Which moments the normalizations of a network use, and whether they update the moving ones. */
public sealed interface Norms {
  /**
   * Batch normalization: the mini-batch's own moments; the moving ones become {@code averaging *
   * old + (1 - averaging) * batch}.
   */
  static Norms batch(float averaging) {
    return new Batch(averaging);
  }

  /**
   * Batch renormalization (Ioffe 2017): the mini-batch's moments, corrected towards the moving
   * ones.
   *
   * @param limits f32[3] = {rMax, dMax, averaging}
   */
  static Norms renorm(Value limits) {
    return new Renorm(limits);
  }

  /** The moving moments, left as they are: inference, and frozen backbones. */
  static Norms fixed() {
    return new Fixed();
  }

  /** See {@link Norms#batch}. */
  record Batch(float averaging) implements Norms {}

  /** See {@link Norms#renorm}. */
  record Renorm(Value limits) implements Norms {
    public Renorm {
      if (!limits.type().shape().equals(Shape.of(3))) {
        throw new IllegalArgumentException("limits must be f32[3], are " + limits.type());
      }
    }
  }

  /** See {@link Norms#fixed}. */
  record Fixed() implements Norms {}
}
