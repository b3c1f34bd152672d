package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.Tiling;
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
 * The first convolution of a network: images of a few planes in, blocked activations out, one
 * group. Gathering patches of so few channels costs more than multiplying them, so the kernels read
 * padded lines where they are. The input gradient, which no training needs, goes through the
 * patches.
 */
public final class PlanarConvolution implements Convolution {
  private final ConvGeometry g;
  private final TileRunner runner;
  private final PackedWeights weights;
  private final PackedWeights transposed;
  private final PatchProduct inputGradient;
  private final PlanarWeightGradient weightGradient;
  private final PlanarBand band;
  private final int[] taps;
  private final int depth;
  private final int lineFloats;
  private final TileBody forward = this::forwardBand;
  private Source x = Mapped.NOTHING;
  private float[] y = new float[0];
  private int y0;
  private Epilogue epilogue = Epilogue.NONE;

  /** A convolution of these extents, whose tiles {@code runner} runs. */
  public PlanarConvolution(ConvGeometry geometry, TileRunner runner, Packings packings) {
    g = geometry;
    this.runner = runner;
    PatchMatrix patches = new LoosePatches(g);
    weights = packings.of(g, patches).forward();
    transposed = packings.of(g, patches).backward();
    PatchMatrix rows = new PointRows(g.ofOutput());
    inputGradient = PatchProduct.backward(rows, patches, transposed, g, runner);
    band = new PlanarBand(g);
    depth = g.weightRow();
    taps = band.taps(patches, depth);
    weightGradient = new PlanarWeightGradient(g, patches, band, runner);
    lineFloats = Tiling.padded(g.outWidth()) * BLOCK;
    runner.reserve(scratchFloats());
  }

  private int scratchFloats() {
    return Arena.BASE + 2 * lineFloats + band.floats();
  }

  @Override
  public void pack(float[] newWeights, int w0, long version) {
    weights.use(newWeights, w0, version);
    transposed.use(newWeights, w0, version);
  }

  @Override
  public void forward(Source newX, float[] newY, int newY0, Epilogue newEpilogue) {
    x = newX;
    y = newY;
    y0 = newY0;
    epilogue = newEpilogue;
    weights.refresh(runner);
    runner.run(g.images() * band.count(), forward);
  }

  @Override
  public void inputGrad(Source dy, float[] dx, int dx0, Epilogue dxEpilogue) {
    inputGradient.run(dy, dx, dx0, dxEpilogue, runner);
  }

  @Override
  public void weightGrad(Source input, Source dy, float[] dw, int dw0) {
    weightGradient.run(input, dy, dw, dw0);
  }

  @Override
  public Optional<BothGradients> bothGradients() {
    return Optional.empty();
  }

  @Override
  public int forwardParts() {
    return g.images() * band.count();
  }

  @Override
  public int inputGradParts() {
    return inputGradient.parts();
  }

  private void forwardBand(int tile, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats());
    int lines = Arena.BASE + 2 * lineFloats;
    int image = tile / band.count();
    int first = tile % band.count() * band.outLines();
    int last = Math.min(g.outHeight(), first + band.outLines());
    band.load(x, image, first, work, lines);
    for (int panel = 0; panel < weights.panels(); panel++) {
      for (int line = first; line < last; line++) {
        line(work, lines + (line - first) * band.lineStep(), image, line, panel);
      }
    }
    int plane = g.outPositions() * BLOCK;
    int blocks = Blocks.count(g.outChannels());
    for (int block = 0; block < blocks; block++) {
      int at = (image * blocks + block) * plane + first * g.outWidth() * BLOCK;
      epilogue.add(tile, block, at, (last - first) * g.outWidth(), 1, 0);
    }
  }

  /** One panel of output channels of one output line; in place where kernels cover just that. */
  private void line(float[] work, int from, int image, int line, int panel) {
    int blocks = weights.panelBlocks(panel);
    int plane = g.outPositions() * BLOCK;
    int to = y0 + (image * Blocks.count(g.outChannels()) + 2 * panel) * plane;
    to += line * g.outWidth() * BLOCK;
    if (g.outWidth() % Tiling.KERNEL_ROWS == 0) {
      multiply(work, from, panel, blocks, y, to, plane);
      return;
    }
    multiply(work, from, panel, blocks, work, Arena.BASE, lineFloats);
    for (int b = 0; b < blocks; b++) {
      int result = Arena.BASE + b * lineFloats;
      System.arraycopy(work, result, y, to + b * plane, g.outWidth() * BLOCK);
    }
  }

  private void multiply(
      float[] work, int from, int panel, int blocks, float[] to, int to0, int stride) {
    float[] w = weights.data();
    if (blocks * BLOCK == WIDTH) {
      multiplyOne(work, from, weights.offset(0, panel), to, to0);
      return;
    }
    for (int lane = 0; lane < blocks * BLOCK; lane += 2 * WIDTH) {
      int w0 = weights.offset(0, panel) + lane;
      int next = lane + WIDTH;
      int first = to0 + lane / BLOCK * stride + lane % BLOCK;
      int second = to0 + next / BLOCK * stride + next % BLOCK;
      int width = Tiling.padded(g.outWidth());
      int positions;
      for (int i = 0; i < width; i += positions) {
        positions = positions(width - i);
        int a = from + i;
        int p = first + i * BLOCK;
        int q = second + i * BLOCK;
        switch (positions) {
          case 12 -> PlanarKernels.positions12(work, a, taps, depth, w, w0, to, p, q);
          case 6 -> FewRegisterPlanarKernels.positions6(work, a, taps, depth, w, w0, to, p, q);
          default -> PlanarKernels.positions4(work, a, taps, depth, w, w0, to, p, q);
        }
      }
    }
  }

  /** How many of the positions that are left, the next kernel takes. */
  private static int positions(int left) {
    if (FEW_REGISTERS) {
      return left >= 6 && left != 8 ? 6 : Tiling.KERNEL_ROWS;
    }
    return left >= 12 ? 12 : Tiling.KERNEL_ROWS;
  }

  private void multiplyOne(float[] work, int from, int w0, float[] to, int to0) {
    float[] w = weights.data();
    int i = 0;
    for (; i + 16 <= g.outWidth(); i += 16) {
      PlanarKernels.positions16x1(work, from + i, taps, depth, w, w0, to, to0 + i * BLOCK);
    }
    for (; i < g.outWidth(); i += Tiling.KERNEL_ROWS) {
      PlanarKernels.positions4x1(work, from + i, taps, depth, w, w0, to, to0 + i * BLOCK);
    }
  }
}
