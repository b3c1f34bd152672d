package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.convolution.BothGradients;
import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.convolution.Convolution;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Optional;

/**
 * A depthwise convolution on blocked activations. A unit of work is a plane: one channel block of
 * one image; its lines are brought padded into scratch memory, band by band.
 */
public final class DepthwiseConvolution implements Convolution {
  private final DepthwiseWeights weights;
  private final DepthwiseForward forward;
  private final DepthwiseInputGradient inputGradient;
  private final DepthwiseWeightGradient weightGradient;
  private final Optional<BothGradients> both;

  /** A convolution of these extents, whose tiles {@code runner} runs. */
  public DepthwiseConvolution(ConvGeometry geometry, TileRunner runner) {
    weights = new DepthwiseWeights(geometry.channels(), geometry.kernelH() * geometry.kernelW());
    forward = new DepthwiseForward(geometry, weights, runner);
    inputGradient = new DepthwiseInputGradient(geometry, weights, runner);
    weightGradient = new DepthwiseWeightGradient(geometry, runner);
    both =
        DepthwiseGradients.fits(geometry)
            ? Optional.of(new DepthwiseGradients(geometry, weights, inputGradient, runner))
            : Optional.empty();
  }

  /**
   * Lines per band so that {@code floatsPerLine} floats each stay in the cache: even, at least 2.
   */
  static int bandLines(int floatsPerLine, int height) {
    return bandLines(32 * 1024, floatsPerLine, height);
  }

  private static int bandLines(int floats, int floatsPerLine, int height) {
    int pairs = floats / floatsPerLine / 2;
    return Math.clamp(2L * pairs, 2, height + height % 2);
  }

  /**
   * Lines per band of y. With a stride, several lines are brought for one of y, which is faster
   * where they stay in the first-level cache. Without, short bands bring some lines twice, and gain
   * nothing that could be told from where arrays happen to lie.
   */
  private static int forwardLines(ConvGeometry g, PaddedBand band) {
    int floats = g.strideH() == 1 ? 32 * 1024 : 6 * 1024;
    return bandLines(floats, g.strideH() * band.row(), g.outHeight());
  }

  @Override
  public void pack(float[] newWeights, int w0, long version) {
    weights.use(newWeights, w0);
  }

  @Override
  public void forward(Source x, float[] y, int y0, Epilogue epilogue) {
    weights.refresh();
    forward.run(x, y, y0, epilogue);
  }

  @Override
  public void inputGrad(Source dy, float[] dx, int dx0, Epilogue epilogue) {
    weights.refresh();
    inputGradient.run(dy, dx, dx0, epilogue);
  }

  @Override
  public void weightGrad(Source x, Source dy, float[] dw, int dw0) {
    weightGradient.run(x, dy, dw, dw0);
  }

  @Override
  public Optional<BothGradients> bothGradients() {
    return both;
  }

  @Override
  public int forwardParts() {
    return forward.tiles.parts();
  }

  @Override
  public int inputGradParts() {
    return inputGradient.parts();
  }

  /** The correlation itself. */
  private static final class DepthwiseForward implements TileBody, PlaneTiles.PlaneBody {
    private final ConvGeometry g;
    private final DepthwiseWeights weights;
    private final TileRunner runner;
    private final PaddedBand band;
    private final DepthwiseKernels kernels;
    private final PlaneTiles tiles;
    private final int lines;
    private final boolean oneBand;
    private final int scratchFloats;
    private Source x = Mapped.NOTHING;
    private float[] y = new float[0];
    private int y0;
    private Epilogue epilogue = Epilogue.NONE;

    DepthwiseForward(ConvGeometry geometry, DepthwiseWeights weights, TileRunner runner) {
      g = geometry;
      this.weights = weights;
      this.runner = runner;
      band = band(g);
      kernels = kernels(g, band);
      tiles = new PlaneTiles(g.images(), Blocks.count(g.channels()), g.outPositions());
      lines = forwardLines(g, band);
      oneBand = lines >= g.outHeight();
      scratchFloats = Arena.BASE + stagedLines(g, lines) * band.row();
      runner.reserve(scratchFloats);
    }

    void run(Source newX, float[] newY, int newY0, Epilogue newEpilogue) {
      x = newX;
      y = newY;
      y0 = newY0;
      epilogue = newEpilogue;
      runner.run(tiles.tiles(), this);
    }

    @Override
    public void run(int tile, Scratch scratch) {
      tiles.run(tile, this, scratch.floats(scratchFloats), epilogue);
    }

    @Override
    public void begin(float[] work) {
      if (oneBand) {
        Blocks.clear(work, Arena.BASE, stagedLines(g, g.outHeight()) * band.width());
      }
    }

    @Override
    public void run(int part, int plane, int block, float[] work) {
      int from = plane * g.height() * g.width() * BLOCK;
      int yRow = g.outWidth() * BLOCK;
      int to = y0 + plane * g.outHeight() * yRow;
      for (int line = 0; line < g.outHeight(); line += lines) {
        int count = Math.min(lines, g.outHeight() - line);
        int firstLine = line * g.strideH() - g.padH();
        int staged = stagedLines(g, count);
        band.load(x, from, block * BLOCK, firstLine, staged, work, Arena.BASE, oneBand);
        kernels.correlate(
            work,
            Arena.BASE,
            weights.data(),
            weights.offset(block),
            y,
            to + line * yRow,
            yRow,
            count,
            g.outWidth());
      }
    }
  }

  /** The padded lines of x that {@code outLines} lines of y read. */
  static int stagedLines(ConvGeometry g, int outLines) {
    return (outLines - 1) * g.strideH() + g.kernelH();
  }

  /** The padded columns of x that lines of y read. */
  static PaddedBand band(ConvGeometry g) {
    int width = (g.outWidth() - 1) * g.strideW() + g.kernelW();
    return new PaddedBand(g.height(), g.width(), -g.padW(), width);
  }

  static DepthwiseKernels kernels(ConvGeometry g, PaddedBand band) {
    return new DepthwiseKernels(g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), band.row());
  }
}
