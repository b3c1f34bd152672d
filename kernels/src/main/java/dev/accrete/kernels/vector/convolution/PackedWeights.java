package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Blocks;
import java.util.Arrays;

/**
 * The right-hand matrices of a convolution, one per group, cut into panels of 32 columns that the
 * kernels read from front to back: element (k, j) of panel p lies at {@code ((group * panels + p) *
 * depth + k) * 32 + j}. Forward, rows are patch columns and columns output channels; transposed
 * (for input gradients) it is the other way round. Padding is 0.
 *
 * <p>Several plans may share them, if they run at the same time only while the weights stay the
 * same: whoever comes first packs what changed.
 */
public final class PackedWeights implements TileBody {
  private final ConvGeometry geometry;
  private final boolean transposed;
  private final int[] canonical;
  private final int blocks;
  private final int columns;
  private final float[] data;
  private float[] weights = new float[0];
  private int weights0;
  private long named = -1;
  private long packed = -1;

  /** Room for the weights of {@code patches}. */
  PackedWeights(ConvGeometry geometry, PatchMatrix patches, boolean transposed) {
    this.geometry = geometry;
    this.transposed = transposed;
    canonical = new int[patches.blocks() * BLOCK];
    Arrays.setAll(canonical, patches::canonical);
    int outBlocks = Blocks.count(geometry.groupOutChannels());
    blocks = transposed ? outBlocks : patches.blocks();
    columns = (transposed ? patches.blocks() : outBlocks) * BLOCK;
    data = new float[Arena.BASE + geometry.groups() * panels() * depth() * PANEL];
  }

  /** The blocks of 16 rows. */
  int blocks() {
    return blocks;
  }

  /** The rows of a panel. */
  int depth() {
    return blocks * BLOCK;
  }

  /** Panels of one group. */
  int panels() {
    return Math.ceilDiv(columns, PANEL);
  }

  /** The column blocks in panel {@code panel}: 2, or 1 in the last of an odd number. */
  int panelBlocks(int panel) {
    return Math.min(2, columns / BLOCK - 2 * panel);
  }

  float[] data() {
    return data;
  }

  int offset(int group, int panel) {
    return Arena.BASE + (group * panels() + panel) * depth() * PANEL;
  }

  /** Names the canonical weights to pack at the next {@link #refresh}. */
  synchronized void use(float[] newWeights, int newWeights0, long version) {
    weights = newWeights;
    weights0 = newWeights0;
    named = version;
  }

  /** Packs the weights if they are of another version than before. */
  synchronized void refresh(TileRunner runner) {
    if (packed != named) {
      runner.run(geometry.groups() * panels(), this);
      packed = named;
    }
  }

  @Override
  public void run(int tile, Scratch scratch) {
    int group = tile / panels();
    int panel = tile % panels();
    int to = offset(group, panel);
    int from = weights0 + group * geometry.groupOutChannels() * geometry.weightRow();
    if (transposed) {
      packTransposed(from, panel * PANEL, to);
    } else {
      packForward(from, panel * PANEL, to);
    }
  }

  private void packForward(int from, int firstColumn, int to) {
    int used = Math.min(PANEL, geometry.groupOutChannels() - firstColumn);
    int depth = depth();
    for (int j = 0; j < used; j++) {
      int row = from + (firstColumn + j) * geometry.weightRow();
      for (int k = 0; k < depth; k++) {
        int index = canonical[k];
        data[to + k * PANEL + j] = index < 0 ? 0f : weights[row + index];
      }
    }
  }

  private void packTransposed(int from, int firstColumn, int to) {
    int used = Math.min(PANEL, columns - firstColumn);
    for (int k = 0; k < geometry.groupOutChannels(); k++) {
      int row = from + k * geometry.weightRow();
      for (int j = 0; j < used; j++) {
        int index = canonical[firstColumn + j];
        data[to + k * PANEL + j] = index < 0 ? 0f : weights[row + index];
      }
    }
  }
}
