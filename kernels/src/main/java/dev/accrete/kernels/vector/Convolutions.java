package dev.accrete.kernels.vector;

/** Chooses the implementation of a convolution. */
final class Convolutions {
  private Convolutions() {}

  /** A convolution of these extents that runs on {@code runner}. */
  static Convolution plan(ConvGeometry geometry, TileRunner runner) {
    return geometry.isDepthwise()
        ? new DepthwiseConvolution(geometry, runner)
        : new PatchConvolution(geometry, runner);
  }
}
