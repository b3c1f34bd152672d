package dev.accrete.kernels.vector.winograd;

import dev.accrete.kernels.vector.convolution.BlockedPatches;
import dev.accrete.kernels.vector.convolution.BothGradients;
import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.convolution.Convolution;
import dev.accrete.kernels.vector.convolution.PatchMatrix;
import dev.accrete.kernels.vector.convolution.PatchWeightGradient;
import dev.accrete.kernels.vector.convolution.PointRows;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Optional;

/**
 * A convolution by Winograd's minimal filtering, with fewer operations than products of patches.
 */
public final class WinogradConvolution implements Convolution {
  /** {@link Convolution#weightGrad}. */
  @FunctionalInterface
  private interface WeightGradient {
    void run(Source x, Source dy, float[] dw, int dw0);
  }

  private final TileRunner runner;
  private final WinogradWeights forwardWeights;
  private final WinogradWeights backwardWeights;
  private final WinogradProduct forward;
  private final WinogradProduct backward;
  private final WeightGradient weightGradient;

  /** A convolution that {@link WinogradProduct#fits}. */
  public WinogradConvolution(ConvGeometry geometry, TileRunner runner) {
    this.runner = runner;
    forwardWeights = new WinogradWeights(geometry, false, runner);
    backwardWeights = new WinogradWeights(geometry, true, runner);
    forward = WinogradProduct.forward(geometry, forwardWeights, runner);
    backward = WinogradProduct.backward(geometry, backwardWeights, runner);
    weightGradient = weightGradient(geometry, runner);
  }

  /** Of three taps there is too little to save. */
  private static WeightGradient weightGradient(ConvGeometry geometry, TileRunner runner) {
    if (geometry.kernelH() == 5) {
      return new WinogradWeightGradient(geometry, runner)::run;
    }
    PatchMatrix patches = new BlockedPatches(geometry);
    PatchMatrix rows = new PointRows(geometry.ofOutput());
    PatchWeightGradient gradient = new PatchWeightGradient(geometry, patches, rows, runner);
    return (x, dy, dw, dw0) -> gradient.run(x, dy, dw, dw0, runner);
  }

  @Override
  public void pack(float[] weights, int w0, long version) {
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
    weightGradient.run(x, dy, dw, dw0);
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
