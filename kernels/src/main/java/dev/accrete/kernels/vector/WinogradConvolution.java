package dev.accrete.kernels.vector;

import java.util.Optional;

/** A convolution whose forward pass and input gradient are Winograd's, with fewer operations. */
final class WinogradConvolution implements Convolution {
  private final TileRunner runner;
  private final WinogradWeights forwardWeights;
  private final WinogradWeights backwardWeights;
  private final WinogradProduct forward;
  private final WinogradProduct backward;
  private final PatchWeightGradient weightGradient;

  /** A convolution that {@link WinogradProduct#fits}. */
  WinogradConvolution(ConvGeometry geometry, TileRunner runner) {
    this.runner = runner;
    forwardWeights = new WinogradWeights(geometry, false, runner);
    backwardWeights = new WinogradWeights(geometry, true, runner);
    forward = WinogradProduct.forward(geometry, forwardWeights, runner);
    backward = WinogradProduct.backward(geometry, backwardWeights, runner);
    weightGradient =
        new PatchWeightGradient(
            geometry, new BlockedPatches(geometry), new PointRows(geometry.ofOutput()), runner);
  }

  @Override
  public void pack(float[] weights, int w0) {
    forwardWeights.use(weights, w0);
    backwardWeights.use(weights, w0);
  }

  @Override
  public void forward(Source x, float[] y, int y0, Epilogue epilogue) {
    forward.run(x, y, y0, epilogue, runner);
  }

  @Override
  public void inputGrad(Source dy, float[] dx, int dx0, Epilogue epilogue) {
    backward.run(dy, dx, dx0, epilogue, runner);
  }

  @Override
  public void weightGrad(Source x, Source dy, float[] dw, int dw0) {
    weightGradient.run(x, dy, dw, dw0, runner);
  }

  @Override
  public Optional<BothGradients> bothGradients() {
    return Optional.empty();
  }

  @Override
  public int forwardParts() {
    return forward.parts();
  }

  @Override
  public int inputGradParts() {
    return backward.parts();
  }
}
