package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.product.Tiling.PANEL;
import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Arena;
import java.util.Arrays;

/**
 * {@code c = op(a) * op(b)} on canonical row-major matrices of any extents, either operand
 * transposed in memory. b is packed into panels of 32 columns, tiles of a into blocks of 16
 * columns; then the kernels of the convolutions run on both.
 */
public final class Gemm implements TileBody {
  private final boolean transposeA;
  private final boolean transposeB;
  private final int m;
  private final int n;
  private final int k;
  private final int blocks;
  private final int panels;
  private final int rows;
  private final int splits;
  private final RowLayout layout;
  private final TileRunner runner;
  private final TileBody pack = (tile, scratch) -> packPanel(tile);
  private float[] packed = new float[0];

  private float[] a = new float[0];
  private int a0;
  private float[] b = new float[0];
  private int b0;
  private float[] c = new float[0];
  private int c0;

  /**
   * A product of a [m, k] and b [k, n], stored as [k, m] and [n, k] where transposed.
   *
   * @param runner runs the tiles
   */
  public Gemm(boolean transposeA, boolean transposeB, int m, int n, int k, TileRunner runner) {
    this.transposeA = transposeA;
    this.transposeB = transposeB;
    this.m = m;
    this.n = n;
    this.k = k;
    this.runner = runner;
    blocks = Math.ceilDiv(k, BLOCK);
    panels = Math.ceilDiv(n, PANEL);
    rows = Tiling.rows(blocks * BLOCK, Math.min(Tiling.MOST_ROWS, Math.ceilDiv(m, 2)));
    layout = RowLayout.byRows(blocks);
    splits = Math.clamp(Tiling.TILES / Math.ceilDiv(m, rows), 1, panels);
    runner.reserve(scratchFloats());
  }

  private int scratchFloats() {
    return Arena.BASE + Tiling.grouped(rows) * blocks * BLOCK + Tiling.panelFloats(rows);
  }

  /** Keeps b in the order in which kernels read it; to be called whenever b changed. */
  public void pack(float[] newB, int newB0) {
    b = newB;
    b0 = newB0;
    if (packed.length == 0) {
      packed = new float[Arena.BASE + panels * blocks * BLOCK * PANEL];
    }
    runner.run(panels, pack);
  }

  /** Overwrites the m * n elements of c with the product of a and what was packed. */
  public void run(float[] newA, int newA0, float[] newC, int newC0) {
    a = newA;
    a0 = newA0;
    c = newC;
    c0 = newC0;
    runner.run(Math.ceilDiv(m, rows) * splits, this);
  }

  private void packPanel(int panel) {
    int used = Math.min(PANEL, n - panel * PANEL);
    int to = Arena.BASE + panel * blocks * BLOCK * PANEL;
    if (transposeB) {
      for (int j = 0; j < used; j++) {
        int from = b0 + (panel * PANEL + j) * k;
        for (int i = 0; i < k; i++) {
          packed[to + i * PANEL + j] = b[from + i];
        }
      }
    } else {
      for (int i = 0; i < k; i++) {
        System.arraycopy(b, b0 + i * n + panel * PANEL, packed, to + i * PANEL, used);
      }
    }
  }

  @Override
  public void run(int tile, Scratch scratch) {
    float[] work = scratch.floats(scratchFloats());
    int firstRow = tile / splits * rows;
    int count = Math.min(rows, m - firstRow);
    gather(firstRow, count, work);
    int result = Arena.BASE + Tiling.grouped(rows) * blocks * BLOCK;
    int split = tile % splits;
    for (int panel = panels * split / splits; panel < panels * (split + 1) / splits; panel++) {
      int w0 = Arena.BASE + panel * blocks * BLOCK * PANEL;
      int used = Math.min(PANEL, n - panel * PANEL);
      Tiles.multiply(
          work,
          Arena.BASE,
          layout,
          blocks,
          Tiling.padded(count),
          packed,
          w0,
          Math.ceilDiv(used, BLOCK),
          work,
          result,
          BLOCK,
          PANEL);
      for (int r = 0; r < count; r++) {
        int to = c0 + (firstRow + r) * n + panel * PANEL;
        System.arraycopy(work, result + r * PANEL, c, to, used);
      }
    }
  }

  /** Brings rows of op(a) into blocks; columns beyond k are 0. */
  private void gather(int firstRow, int count, float[] to) {
    for (int block = 0; block < blocks; block++) {
      int used = Math.min(BLOCK, k - block * BLOCK);
      for (int r = 0; r < count; r++) {
        int row = firstRow + r;
        int at = Arena.BASE + layout.at(block, r);
        if (transposeA) {
          for (int i = 0; i < used; i++) {
            to[at + i] = a[a0 + (block * BLOCK + i) * m + row];
          }
        } else {
          System.arraycopy(a, a0 + row * k + block * BLOCK, to, at, used);
        }
        Arrays.fill(to, at + used, at + BLOCK, 0f);
      }
    }
  }
}
