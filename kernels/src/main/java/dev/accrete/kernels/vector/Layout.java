package dev.accrete.kernels.vector;

import dev.accrete.core.Shape;

/** How the elements of a tensor follow each other in memory. */
enum Layout {
  /** Row-major, outermost extent first. */
  CANONICAL,
  /**
   * NCHW16c, see the package; for ranks of at least 2, with everything beyond the channel as plane.
   */
  BLOCKED;

  /** The floats a tensor of this shape takes, padding lanes included. */
  long length(Shape shape) {
    return switch (this) {
      case CANONICAL -> shape.size();
      case BLOCKED -> (long) shape.dim(0) * blocks(shape) * shape.spatialSize() * Lanes.BLOCK;
    };
  }

  /** Channel blocks of a shape. */
  static int blocks(Shape shape) {
    return Math.ceilDiv(shape.dim(1), Lanes.BLOCK);
  }
}
