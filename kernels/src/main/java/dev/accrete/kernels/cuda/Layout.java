package dev.accrete.kernels.cuda;

import dev.accrete.core.Shape;

/** The order of a tensor's elements on the device. */
enum Layout {
  /** Row-major, as the shape says: variables, inputs, weights, matrices. */
  CANONICAL,
  /** Channels innermost, [N, H, W, C]: activations. */
  CHANNELS_LAST;

  /** Whether the two orders are one for a shape. */
  static boolean agree(Shape shape) {
    return shape.rank() <= 2 || shape.dim(1) == 1 || shape.spatialSize() == 1;
  }
}
