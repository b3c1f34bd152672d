package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.tensor.Epilogue;

/**
 * The planes of a blocked tensor cut into tiles of a few adjacent images, and of some of their
 * blocks where there are few images. What a tile writes stays in the second-level cache. The cut
 * depends on the extents alone.
 */
final class PlaneTiles {
  /** Positions of a tile: 256 KiB. */
  private static final int POSITIONS = 4096;

  /** Tiles to have at least, for the sake of many threads. */
  private static final int LEAST = 16;

  private final int images;
  private final int blocks;
  private final int positions;
  private final int imagesPerTile;
  private final int groups;
  private final int cuts;

  PlaneTiles(int images, int blocks, int positions) {
    this.images = images;
    this.blocks = blocks;
    this.positions = positions;
    imagesPerTile =
        Math.clamp(POSITIONS / ((long) blocks * positions), 1, Math.ceilDiv(images, LEAST));
    groups = Math.ceilDiv(images, imagesPerTile);
    cuts = Math.clamp(LEAST / groups, 1, blocks);
  }

  /** What is done with a plane. */
  interface PlaneBody {
    /** Called before the first plane of every tile. */
    void begin(float[] work);

    /**
     * Does channel block {@code block} of an image; {@code plane} counts all planes. All planes of
     * a part and a block are done by one tile, in order.
     */
    void run(int part, int plane, int block, float[] work);
  }

  int tiles() {
    return groups * cuts;
  }

  /** Groups of images: the parts of an {@link Epilogue}. */
  int parts() {
    return groups;
  }

  /** Does the planes of one tile, each block's together, and hands them to {@code epilogue}. */
  void run(int tile, PlaneBody body, float[] work, Epilogue epilogue) {
    int part = tile / cuts;
    int cut = tile % cuts;
    int from = part * imagesPerTile;
    int to = Math.min(images, from + imagesPerTile);
    int plane = positions * BLOCK;
    body.begin(work);
    for (int block = blocks * cut / cuts; block < blocks * (cut + 1) / cuts; block++) {
      for (int image = from; image < to; image++) {
        body.run(part, image * blocks + block, block, work);
      }
      int first = (from * blocks + block) * plane;
      epilogue.add(part, block, first, positions, to - from, blocks * plane);
    }
  }
}
