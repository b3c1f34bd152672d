package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;

/**
 * A depthwise convolution on blocked activations. A unit of work is a plane: one channel block of
 * one image; its lines are brought padded into scratch memory, band by band.
 */
final class DepthwiseConvolution implements Convolution {
  private final DepthwiseWeights weights;
  private final DepthwiseForward forward;
  private final DepthwiseInputGradient inputGradient;
  private final DepthwiseWeightGradient weightGradient;

  DepthwiseConvolution(ConvGeometry geometry, TileRunner runner) {
    weights = new DepthwiseWeights(geometry.channels(), geometry.kernelH() * geometry.kernelW());
    forward = new DepthwiseForward(geometry, weights, runner);
    inputGradient = new DepthwiseInputGradient(geometry, weights, runner);
    weightGradient = new DepthwiseWeightGradient(geometry, runner);
  }

  /** Planes that make a tile of work worth handing out. */
  static int planesPerTile(int positions) {
    return Math.max(1, 8192 / positions);
  }

  /**
   * Lines per band so that {@code floatsPerLine} floats each stay in the cache: even, at least 2.
   */
  static int bandLines(int floatsPerLine, int height) {
    int pairs = 32 * 1024 / floatsPerLine / 2;
    return Math.clamp(2L * pairs, 2, height + height % 2);
  }

  @Override
  public void pack(float[] newWeights, int w0) {
    weights.use(newWeights, w0);
  }

  @Override
  public void forward(float[] x, int x0, ChannelAffine map, float[] y, int y0) {
    weights.refresh();
    forward.run(x, x0, map, y, y0);
  }

  @Override
  public void inputGrad(float[] dy, int dy0, float[] dx, int dx0) {
    weights.refresh();
    inputGradient.run(dy, dy0, dx, dx0);
  }

  @Override
  public void weightGrad(
      float[] x, int x0, ChannelAffine map, float[] dy, int dy0, float[] dw, int dw0) {
    weightGradient.run(x, x0, map, dy, dy0, dw, dw0);
  }

  /** The correlation itself. */
  private static final class DepthwiseForward implements TileBody {
    private final ConvGeometry geometry;
    private final DepthwiseWeights weights;
    private final TileRunner runner;
    private final PaddedBand band;
    private final DepthwiseKernels kernels;
    private final int lines;
    private final int scratchFloats;
    private float[] x = new float[0];
    private int x0;
    private ChannelAffine map = ChannelAffine.IDENTITY;
    private float[] y = new float[0];
    private int y0;

    DepthwiseForward(ConvGeometry g, DepthwiseWeights weights, TileRunner runner) {
      geometry = g;
      this.weights = weights;
      this.runner = runner;
      band = band(g);
      kernels = kernels(g, band);
      lines = bandLines(g.strideH() * band.row(), g.outHeight());
      scratchFloats = Tiles.FIRST + stagedLines(g, lines) * band.row();
      runner.reserve(scratchFloats);
    }

    void run(float[] newX, int newX0, ChannelAffine newMap, float[] newY, int newY0) {
      x = newX;
      x0 = newX0;
      map = newMap;
      y = newY;
      y0 = newY0;
      int planes = geometry.images() * Blocks.count(geometry.channels());
      runner.run(Math.ceilDiv(planes, planesPerTile(geometry.outPositions())), this);
    }

    @Override
    public void run(int tile, Scratch scratch) {
      float[] work = scratch.floats(scratchFloats);
      int blocks = Blocks.count(geometry.channels());
      int each = planesPerTile(geometry.outPositions());
      int last = Math.min(geometry.images() * blocks, (tile + 1) * each);
      for (int plane = tile * each; plane < last; plane++) {
        plane(plane, plane % blocks, work);
      }
    }

    private void plane(int plane, int block, float[] work) {
      ConvGeometry g = geometry;
      int from = x0 + plane * g.height() * g.width() * BLOCK;
      int yRow = g.outWidth() * BLOCK;
      int to = y0 + plane * g.outHeight() * yRow;
      for (int line = 0; line < g.outHeight(); line += lines) {
        int count = Math.min(lines, g.outHeight() - line);
        int firstLine = line * g.strideH() - g.padH();
        int staged = stagedLines(g, count);
        band.load(x, from, map, block * BLOCK, firstLine, staged, work, Tiles.FIRST);
        kernels.correlate(
            work,
            Tiles.FIRST,
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
