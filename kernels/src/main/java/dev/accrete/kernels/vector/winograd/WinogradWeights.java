package dev.accrete.kernels.vector.winograd;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.convolution.PackedWeights;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import jdk.incubator.vector.FloatVector;

/**
 * The weights of a convolution at the points of Winograd's transform, a matrix for each point and
 * group, packed like {@link PackedWeights}: forward, rows are input channels and columns output
 * channels; backward (for input gradients) the other way round, and the taps turned by 180 degrees.
 */
final class WinogradWeights implements TileBody {
  private final ConvGeometry geometry;
  private final boolean backward;
  private final int taps;
  private final int points;
  private final int depth;
  private final int columns;
  private final float[] data;

  /** The factor of every tap at every point. */
  private final double[] factors;

  private float[] weights = new float[0];
  private int weights0;
  private boolean stale = true;

  /** Room for the weights of a convolution that {@link WinogradProduct#fits}. */
  WinogradWeights(ConvGeometry geometry, boolean backward, TileRunner runner) {
    this.geometry = geometry;
    this.backward = backward;
    taps = geometry.kernelH();
    points = WinogradTransforms.points(taps);
    depth = backward ? geometry.groupOutChannels() : geometry.groupChannels();
    columns = backward ? geometry.groupChannels() : geometry.groupOutChannels();
    factors = WinogradTransforms.factors(taps);
    data = new float[Arena.BASE + points * points * geometry.groups() * panels() * depth * PANEL];
    runner.reserve(scratchFloats());
  }

  /** The blocks of 16 rows of a matrix. */
  int blocks() {
    return depth / BLOCK;
  }

  /** Panels of a matrix. */
  int panels() {
    return Math.ceilDiv(columns, PANEL);
  }

  /** The column blocks in a panel: 2, or 1 in the last of an odd number. */
  int panelBlocks(int panel) {
    return Math.min(2, columns / BLOCK - 2 * panel);
  }

  float[] data() {
    return data;
  }

  int offset(int point, int group, int panel) {
    return Arena.BASE + ((point * geometry.groups() + group) * panels() + panel) * depth * PANEL;
  }

  /** Names the canonical weights to transform at the next {@link #refresh}. */
  void use(float[] newWeights, int newWeights0) {
    weights = newWeights;
    weights0 = newWeights0;
    stale = true;
  }

  /** Transforms the weights if they changed. */
  void refresh(TileRunner runner) {
    if (stale) {
      runner.run(geometry.groups() * panels(), this);
      stale = false;
    }
  }

  private int scratchFloats() {
    return (taps * taps + points * taps) * PANEL;
  }

  /** One panel of one group at all points. */
  @Override
  public void run(int tile, Scratch scratch) {
    int group = tile / panels();
    int panel = tile % panels();
    float[] work = scratch.floats(scratchFloats());
    int half = taps * taps * PANEL;
    for (int k = 0; k < depth; k++) {
      gather(group, panel, k, work);
      for (int point = 0; point < points; point++) {
        for (int j = 0; j < taps; j++) {
          combine(work, j * PANEL, taps * PANEL, point, work, half + (point * taps + j) * PANEL);
        }
      }
      for (int point = 0; point < points * points; point++) {
        int to = offset(point, group, panel) + k * PANEL;
        combine(work, half + point / points * taps * PANEL, PANEL, point % points, data, to);
      }
    }
  }

  /**
   * Brings the taps of one row of a panel side by side: tap (i, j) at {@code (i * taps + j) * 32}.
   */
  private void gather(int group, int panel, int k, float[] to) {
    int used = Math.min(PANEL, columns - panel * PANEL);
    int size = taps * taps;
    for (int column = 0; column < PANEL; column++) {
      if (column >= used) {
        for (int t = 0; t < size; t++) {
          to[t * PANEL + column] = 0;
        }
        continue;
      }
      int other = panel * PANEL + column;
      int out = group * geometry.groupOutChannels() + (backward ? k : other);
      int at = weights0 + out * geometry.weightRow() + (backward ? other : k) * size;
      for (int t = 0; t < size; t++) {
        to[t * PANEL + column] = weights[at + (backward ? size - 1 - t : t)];
      }
    }
  }

  /** The sum of taps, each times its factor at a point. */
  private void combine(float[] from, int at, int step, int point, float[] to, int to0) {
    for (int lane = 0; lane < PANEL; lane += WIDTH) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int tap = 0; tap < taps; tap++) {
        FloatVector factor = FloatVector.broadcast(SPECIES, (float) factors[point * taps + tap]);
        sum = factor.fma(FloatVector.fromArray(SPECIES, from, at + tap * step + lane), sum);
      }
      sum.intoArray(to, to0 + lane);
    }
  }
}
