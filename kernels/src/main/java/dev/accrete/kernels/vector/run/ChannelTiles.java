package dev.accrete.kernels.vector.run;

import dev.accrete.core.Shape;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.Layout;

/**
 * A blocked tensor cut into tiles of one channel block of several images. The cut depends on the
 * shape alone.
 */
public final class ChannelTiles {
  /** Enough tiles to keep any number of threads busy, few enough to cost nothing. */
  private static final int TARGET = 64;

  final int images;

  /** The channels, without padding. */
  public final int channels;

  /** Blocks of 16 channels of one image. */
  public final int blocks;

  /** Elements of one plane of one block: pixels times 16. */
  public final int plane;

  /** Groups the images are cut into. */
  public final int groups;

  /** The tiles of a tensor of this shape. */
  public ChannelTiles(Shape shape) {
    images = shape.dim(0);
    channels = shape.dim(1);
    blocks = Layout.blocks(shape);
    plane = shape.spatialSize() * Lanes.BLOCK;
    groups = Math.clamp(Math.ceilDiv(TARGET, blocks), 1, images);
  }

  /** Tiles in all. */
  public int tiles() {
    return groups * blocks;
  }

  /** The channel block of a tile. */
  public int block(int tile) {
    return tile % blocks;
  }

  /** The group of images of a tile. */
  public int group(int tile) {
    return tile / blocks;
  }

  /** The first image of a tile. */
  public int from(int tile) {
    return (int) ((long) images * (tile / blocks) / groups);
  }

  /** The image after the last one of a tile. */
  public int to(int tile) {
    return (int) ((long) images * (tile / blocks + 1) / groups);
  }

  /** Where the plane of an image and a block starts. */
  public int start(int image, int block) {
    return (image * blocks + block) * plane;
  }

  /** The number of values per channel. */
  double count() {
    return (double) images * plane / Lanes.BLOCK;
  }
}
