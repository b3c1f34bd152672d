package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Optional;

/** Any convolution as products of its patch matrix, tile by tile. */
public final class PatchConvolution implements Convolution {
  private final TileRunner runner;
  private final PackedWeights forwardWeights;
  private final PackedWeights backwardWeights;
  private final PatchProduct forward;
  private final PatchProduct backward;
  private final PatchWeightGradient weightGradient;
  private final Optional<BothGradients> both;

  /** A convolution of these extents, whose tiles {@code runner} runs. */
  public PatchConvolution(ConvGeometry geometry, TileRunner runner, Packings packings) {
    this.runner = runner;
    PatchMatrix in = patches(geometry);
    PatchMatrix out = patches(geometry.ofOutput());
    forwardWeights = packings.of(geometry, in).forward();
    backwardWeights = packings.of(geometry, in).backward();
    forward = PatchProduct.forward(in, out, forwardWeights, geometry, runner);
    backward = PatchProduct.backward(out, in, backwardWeights, geometry, runner);
    weightGradient = new PatchWeightGradient(geometry, in, out, runner);
    both =
        PointGradients.fits(geometry)
            ? Optional.of(new PointGradients(geometry, in, out, backwardWeights, runner))
            : Optional.empty();
  }

  private static PatchMatrix patches(ConvGeometry geometry) {
    boolean wholeBlocks = geometry.groups() == 1 || geometry.groupChannels() % BLOCK == 0;
    if (geometry.planarInput() || !wholeBlocks) {
      return new LoosePatches(geometry);
    }
    return geometry.isPointwise() ? new PointRows(geometry) : new BlockedPatches(geometry);
  }

  @Override
  public void pack(float[] weights, int w0, long version) {
    forwardWeights.use(weights, w0, version);
    backwardWeights.use(weights, w0, version);
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
    return both;
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
