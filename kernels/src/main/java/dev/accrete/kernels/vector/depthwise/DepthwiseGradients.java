package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.convolution.BothGradients;
import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Both gradients of a depthwise convolution in one pass, plane by plane, band of lines by band. For
 * the kernels whose input gradient reads dy line by line: stride 1 with results as large as x, and
 * 3x3 with stride 2.
 */
final class DepthwiseGradients implements BothGradients, TileBody, PlaneTiles.PlaneBody {
  private final ConvGeometry g;
  private final DepthwiseWeights weights;
  private final DepthwiseInputGradient inputGradient;
  private final TileRunner runner;
  private final PaddedBand xBand;
  private final DepthwiseKernels kernels;
  private final PlaneTiles tiles;
  private final int taps;
  private final int blocks;
  private final int xAt;
  private final int scratchFloats;
  private final float[] partials;
  private Source dy = Mapped.NOTHING;
  private Source x = Mapped.NOTHING;
  private float[] dx = new float[0];
  private int dx0;
  private Epilogue epilogue = Epilogue.NONE;

  /** The gradients of a convolution that {@link #fits}. */
  DepthwiseGradients(
      ConvGeometry geometry,
      DepthwiseWeights weights,
      DepthwiseInputGradient inputGradient,
      TileRunner runner) {
    g = geometry;
    this.weights = weights;
    this.inputGradient = inputGradient;
    this.runner = runner;
    xBand = DepthwiseConvolution.band(g);
    kernels = DepthwiseConvolution.kernels(g, xBand);
    tiles = new PlaneTiles(g.images(), Blocks.count(g.channels()), g.height() * g.width());
    taps = g.kernelH() * g.kernelW();
    blocks = Blocks.count(g.channels());
    xAt = inputGradient.scratchFloats();
    int lines = Math.min(inputGradient.lines(), g.outHeight());
    scratchFloats = xAt + DepthwiseConvolution.stagedLines(g, lines) * xBand.row();
    partials = new float[Arena.BASE + tiles.parts() * blocks * taps * BLOCK];
    runner.reserve(scratchFloats);
  }

  static boolean fits(ConvGeometry g) {
    boolean same = g.outHeight() == g.height() && g.outWidth() == g.width();
    boolean ones = g.strideH() == 1 && g.strideW() == 1 && same;
    return ones || (DepthwiseInputGradient.gathersCells(g) && g.padH() < 2 && g.padW() < 2);
  }

  @Override
  public int parts() {
    return tiles.parts();
  }

  @Override
  public boolean inPlace() {
    // A second band would read lines of dy that the first one overwrote.
    return g.strideH() == 1 && g.strideW() == 1 && inputGradient.isOneBand();
  }

  @Override
  public void run(
      Source newDy,
      Source newX,
      float[] newDx,
      int newDx0,
      Epilogue newEpilogue,
      float[] dw,
      int dw0) {
    dy = newDy;
    x = newX;
    dx = newDx;
    dx0 = newDx0;
    epilogue = newEpilogue;
    weights.refresh();
    Arrays.fill(partials, 0f);
    runner.run(tiles.tiles(), this);
    int step = blocks * taps * BLOCK;
    for (int part = 1; part < tiles.parts(); part++) {
      for (int i = Arena.BASE; i < Arena.BASE + step; i += WIDTH) {
        FloatVector sum = FloatVector.fromArray(SPECIES, partials, i);
        sum.add(FloatVector.fromArray(SPECIES, partials, i + part * step)).intoArray(partials, i);
      }
    }
    for (int c = 0; c < g.channels(); c++) {
      int from = Arena.BASE + c / BLOCK * taps * BLOCK + c % BLOCK;
      for (int tap = 0; tap < taps; tap++) {
        dw[dw0 + c * taps + tap] = partials[from + tap * BLOCK];
      }
    }
  }

  @Override
  public void run(int tile, Scratch scratch) {
    tiles.run(tile, this, scratch.floats(scratchFloats), epilogue);
  }

  @Override
  public void begin(float[] work) {
    inputGradient.begin(work);
    if (inputGradient.isOneBand()) {
      int staged = DepthwiseConvolution.stagedLines(g, g.outHeight());
      Blocks.clear(work, xAt, staged * xBand.width());
    }
  }

  @Override
  public void run(int part, int plane, int block, float[] work) {
    int from = plane * g.outPositions() * BLOCK;
    int to = dx0 + plane * g.height() * g.width() * BLOCK;
    int sum = Arena.BASE + (part * blocks + block) * taps * BLOCK;
    for (int line = 0; line < inputGradient.allLines(); line += inputGradient.lines()) {
      inputGradient.band(dy, from, block, line, dx, to, work);
      // The lines of dy with the numbers of the band's are in scratch memory now, padded.
      int count = Math.min(inputGradient.lines(), g.outHeight() - line);
      if (count > 0) {
        addWeights(plane, block, line, count, sum, work);
      }
    }
  }

  private void addWeights(int plane, int block, int first, int count, int sum, float[] work) {
    int staged = DepthwiseConvolution.stagedLines(g, count);
    int xPlane = plane * g.height() * g.width() * BLOCK;
    int top = first * g.strideH() - g.padH();
    xBand.load(x, xPlane, block * BLOCK, top, staged, work, xAt, inputGradient.isOneBand());
    int row = inputGradient.bandRow();
    int gradient = inputGradient.bandLine();
    kernels.weights(work, xAt, work, gradient, row, count, g.outWidth(), partials, sum);
  }
}
