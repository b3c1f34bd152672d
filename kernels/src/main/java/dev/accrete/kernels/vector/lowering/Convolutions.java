package dev.accrete.kernels.vector.lowering;

import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.convolution.Convolution;
import dev.accrete.kernels.vector.convolution.Packings;
import dev.accrete.kernels.vector.convolution.PatchConvolution;
import dev.accrete.kernels.vector.convolution.PlanarConvolution;
import dev.accrete.kernels.vector.depthwise.DepthwiseConvolution;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.winograd.WinogradConvolution;
import dev.accrete.kernels.vector.winograd.WinogradProduct;

/** Chooses the implementation of a convolution. */
final class Convolutions {
  private Convolutions() {}

  /** A convolution of these extents that runs on {@code runner}, with a weight of its own. */
  static Convolution plan(ConvGeometry geometry, TileRunner runner) {
    return plan(geometry, geometry.images(), runner, new Packings());
  }

  /**
   * The same for a weight that is packed as {@code packings} has it, and a slice of {@code images}:
   * all slices are computed in the same way, however they are cut.
   */
  static Convolution plan(ConvGeometry geometry, int images, TileRunner runner, Packings packings) {
    if (geometry.isDepthwise()) {
      return new DepthwiseConvolution(geometry, runner);
    }
    if (WinogradProduct.fits(geometry, images)) {
      return new WinogradConvolution(geometry, runner);
    }
    return geometry.planarInput() && geometry.groups() == 1
        ? new PlanarConvolution(geometry, runner, packings)
        : new PatchConvolution(geometry, runner, packings);
  }
}
