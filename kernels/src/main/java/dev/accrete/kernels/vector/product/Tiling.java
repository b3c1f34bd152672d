package dev.accrete.kernels.vector.product;

import static dev.accrete.kernels.vector.tensor.Lanes.FEW_REGISTERS;

/**
 * How products are cut: every number that says so, and what bounds it. None that orders a sum
 * depends on the machine, none on the number of threads.
 *
 * <p>Kernels multiply a few rows with a panel of columns, and keep the results in registers. A tile
 * is some rows, which stay in the second-level cache while panel after panel passes by. Of a weight
 * gradient, which sums over rows, a tile is a range of these, in chunks that stay in the
 * first-level cache, with a partial sum of its own.
 */
public final class Tiling {
  // Kernels.

  /** Columns of a packed panel: two vectors of 512 bits; eight rows of them fill 16 registers. */
  public static final int PANEL = 32;

  /** Rows of the smallest kernel of a product; rows are padded to multiples of it. */
  public static final int KERNEL_ROWS = 4;

  /** Rows of one kernel for 32 registers, or of two for 16; they lie side by side. */
  public static final int GROUP_ROWS = FEW_REGISTERS ? 12 : 8;

  /** Taps that a weight gradient of a planar image sums up together, for each of two vectors. */
  public static final int PLANAR_TAPS = FEW_REGISTERS ? 6 : 8;

  // Tiles of a product.

  /** Tiles to aim at, so that several threads are busy even for one small image. */
  public static final int TILES = 32;

  /** Tiles to cut rows and images into at least, if there are as many: all other cuts load more. */
  public static final int LEAST_TILES = 8;

  /** Floats of a tile, which stays in the second-level cache beside a panel and the results. */
  private static final int CACHED = 96 * 1024;

  /** Rows of tiles are multiples of it, whatever the machine. */
  private static final int TILE_STEP = 8;

  /** Most rows of a tile: the results of a panel share the cache with the tile. */
  public static final int MOST_ROWS = 384;

  /**
   * Every tile reads all weights of its panels, which few rows would not be worth. A plane of 8x8
   * gives two equal tiles.
   */
  public static final int LEAST_ROWS = 32;

  /** Panels that a tile should have: those that share rows gather these once each. */
  public static final int LEAST_PANELS = 4;

  /** Positions of a plane below which its results go through a buffer, to fill whole kernels. */
  public static final int LEAST_RUN_TO_WRITE = 16;

  /** Positions of a band of a planar image: enough to share the lines that kernels overlap in. */
  public static final int BAND_POSITIONS = 1024;

  // Symmetric matrices in double precision.

  /** Columns of a panel: three vectors of 512 bits; four columns of another fill 12 registers. */
  public static final int SYMMETRIC_PANEL = 24;

  /** Most rows of an update at a time: two panels of them fit the first-level cache. */
  public static final int SYMMETRIC_ROWS = 96;

  /** Rows of a block of a factorization: enough to load and store what it updates seldom. */
  public static final int CHOLESKY_BLOCK = 64;

  /** Columns of the rows of a block that are finished together, in cache. */
  public static final int CHOLESKY_STRIP = 128;

  // Weight gradients.

  /** Most rows of a chunk: two column blocks and one of dy's fit the first-level cache. */
  public static final int CHUNK = 128;

  /** Chunks that a range should have, for its sum to be worth adding up. */
  public static final int LEAST_CHUNKS = 8;

  /** Tiles below which the result is cut as well: every cut loads the operands once more. */
  public static final int CUT_BELOW = 16;

  /** Floats of all partial sums together, which are written and read once more than dw. */
  public static final int PARTIALS = 1 << 21;

  /** Positions of a plane below which dy is gathered like x, to make runs of useful length. */
  public static final int LEAST_RUN_TO_READ = 32;

  // Both gradients of a 1x1 convolution in one pass.

  /** Most weights: a partial sum stays in the second-level cache beside a tile. */
  public static final int BOTH_WEIGHTS = 1 << 17;

  /** Floats of dy and x of a tile: fewer than {@link #CACHED} because of that partial sum. */
  public static final int BOTH_CACHED = 64 * 1024;

  /** Most rows of a tile. */
  public static final int BOTH_ROWS = 256;

  /** Floats of all partial sums together. */
  public static final int BOTH_PARTIALS = 1 << 20;

  // Winograd's filtering, whose tiles are squares of positions.

  /** Most squares between two transforms: their numbers for all points stay in the cache. */
  public static final int SQUARES = 64;

  /** Units of squares to aim at, so that several threads are busy. */
  public static final int SQUARE_UNITS = 8;

  /** Tiles of a weight gradient to aim at. */
  public static final int SQUARE_TILES = 16;

  /** Least output channel blocks of a cut of a weight gradient: each transforms x once more. */
  public static final int SQUARE_CUT = 4;

  /** Floats of all partial sums of a weight gradient together: one for each point. */
  public static final int SQUARE_PARTIALS = 1 << 22;

  private Tiling() {}

  /**
   * Rows of a tile of {@code depth} columns, at most about {@code most}: whole planes, or equal
   * parts of one (in multiples of 8), so that results lie in memory as the kernels write them.
   */
  public static int rows(int depth, int most, int positions) {
    int limit = rows(depth, most);
    if (positions <= limit) {
      return limit / positions * positions;
    }
    return rows(1, Math.ceilDiv(positions, Math.ceilDiv(positions, limit)));
  }

  /** Rows of a tile of {@code depth} columns: a multiple of 8, at most about {@code most}. */
  static int rows(int depth, int most) {
    int limit = Math.ceilDiv(most, TILE_STEP) * TILE_STEP;
    return Math.clamp(CACHED / depth / TILE_STEP * (long) TILE_STEP, TILE_STEP, limit);
  }

  /** Rounds up to whole kernels. */
  public static int padded(int rows) {
    return Math.ceilDiv(rows, KERNEL_ROWS) * KERNEL_ROWS;
  }

  /** Rounds up to whole groups of rows. */
  public static int grouped(int rows) {
    return Math.ceilDiv(rows, GROUP_ROWS) * GROUP_ROWS;
  }

  /** Floats of scratch memory for one result panel of {@code rows} rows. */
  public static int panelFloats(int rows) {
    return PANEL * rows;
  }
}
