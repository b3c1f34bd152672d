package dev.accrete.kernels.vector.tensor;

import dev.accrete.core.Shape;

/** How the elements of a tensor follow each other in memory. */
public enum Layout {
  /** Row-major, outermost extent first. */
  CANONICAL,
  /**
   * NCHW16c: element (n, c, h, w) lies at {@code ((n * CB + c / 16) * H * W + h * W + w) * 16 + c %
   * 16} with {@code CB = ceil(C / 16)}; lanes beyond C are zero. For ranks of at least 2, with
   * everything beyond the channel as plane.
   */
  BLOCKED;

  /** The floats a tensor of this shape takes, padding lanes included. */
  public long length(Shape shape) {
    return switch (this) {
      case CANONICAL -> shape.size();
      case BLOCKED -> (long) shape.dim(0) * blocks(shape) * shape.spatialSize() * Lanes.BLOCK;
    };
  }

  /** Channel blocks of a shape. */
  public static int blocks(Shape shape) {
    return Math.ceilDiv(shape.dim(1), Lanes.BLOCK);
  }
}
