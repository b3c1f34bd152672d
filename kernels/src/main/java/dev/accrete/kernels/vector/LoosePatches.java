package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;

import java.util.Arrays;

/**
 * Patches gathered element by element: planar images, and groups that do not begin at whole blocks.
 * The columns are those of the canonical weight, then padding. Slow per element, which matters
 * little for the few channels of an image.
 */
final class LoosePatches implements PatchMatrix {
  private final ConvGeometry geometry;
  private final int outWidth;
  private final int outPositions;
  private final int taps;
  private final int columns;
  private final int imageSize;

  /** Floats from one position of a plane to the next. */
  private final int step;

  /** Where each column of each group lies relative to the first tap of channel 0. */
  private final int[] offsets;

  LoosePatches(ConvGeometry geometry) {
    this.geometry = geometry;
    outWidth = geometry.outWidth();
    outPositions = geometry.outPositions();
    taps = geometry.kernelH() * geometry.kernelW();
    columns = geometry.weightRow();
    step = geometry.planarInput() ? 1 : BLOCK;
    int channels = geometry.channels();
    int lanes = geometry.planarInput() ? channels : Blocks.count(channels) * BLOCK;
    imageSize = lanes * geometry.height() * geometry.width();
    offsets = new int[channels * taps];
    Arrays.setAll(
        offsets,
        i -> {
          int tap = i % taps;
          int position = tap / geometry.kernelW() * geometry.width() + tap % geometry.kernelW();
          return channelOffset(i / taps) + position * step;
        });
  }

  @Override
  public int blocks() {
    return Math.ceilDiv(columns, BLOCK);
  }

  @Override
  public int canonical(int column) {
    return column < columns ? column : -1;
  }

  @Override
  public void gather(
      float[] x,
      int x0,
      ChannelAffine map,
      int group,
      int firstBlock,
      int blockCount,
      int firstRow,
      int rows,
      float[] to,
      int to0,
      int stride) {
    for (int b = 0; b < blockCount; b++) {
      int first = (firstBlock + b) * BLOCK;
      int used = Math.min(BLOCK, columns - first);
      for (int r = 0; r < rows; r++) {
        int at = to0 + b * stride + r * BLOCK;
        int row = firstRow + r;
        int h = row % outPositions / outWidth * geometry.strideH() - geometry.padH();
        int w = row % outWidth * geometry.strideW() - geometry.padW();
        if (used < BLOCK) {
          Arrays.fill(to, at + used, at + BLOCK, 0f);
        }
        if (map.isIdentity() && isInside(h, w)) {
          copy(x, x0 + corner(row, h, w), group * columns + first, used, to, at);
        } else {
          gatherElements(x, x0, map, group, first, used, row, to, at);
        }
      }
    }
  }

  /** Whether the whole kernel, its first tap at (h, w), lies inside the plane. */
  private boolean isInside(int h, int w) {
    return h >= 0
        && w >= 0
        && h + geometry.kernelH() <= geometry.height()
        && w + geometry.kernelW() <= geometry.width();
  }

  private void copy(float[] x, int from, int column, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = x[from + offsets[column + i]];
    }
  }

  private void gatherElements(
      float[] x,
      int x0,
      ChannelAffine map,
      int group,
      int first,
      int count,
      int row,
      float[] to,
      int at) {
    for (int i = 0; i < count; i++) {
      int tap = (first + i) % taps;
      int h = line(row, tap);
      int w = column(row, tap);
      float value = 0f;
      if (h >= 0 && h < geometry.height() && w >= 0 && w < geometry.width()) {
        int channel = group * geometry.groupChannels() + (first + i) / taps;
        value = x[x0 + corner(row, h, w) + channelOffset(channel)];
        if (!map.isIdentity()) {
          value = Math.fma(map.scale[channel], value, map.shift[channel]);
          value = map.relu && value < 0f ? 0f : value;
        }
      }
      to[at + i] = value;
    }
  }

  @Override
  public void fold(
      float[] from, int from0, int group, int block, int firstRow, int rows, float[] x, int x0) {
    int last = Math.min(columns, (block + 1) * BLOCK);
    for (int r = 0; r < rows; r++) {
      int row = firstRow + r;
      for (int j = block * BLOCK; j < last; j++) {
        int h = line(row, j % taps);
        int w = column(row, j % taps);
        if (h >= 0 && h < geometry.height() && w >= 0 && w < geometry.width()) {
          int channel = group * geometry.groupChannels() + j / taps;
          x[x0 + corner(row, h, w) + channelOffset(channel)] += from[from0 + r * BLOCK + j % BLOCK];
        }
      }
    }
  }

  /** The input line that tap {@code tap} of output position {@code row} reads. */
  private int line(int row, int tap) {
    return row % outPositions / outWidth * geometry.strideH()
        - geometry.padH()
        + tap / geometry.kernelW();
  }

  private int column(int row, int tap) {
    return row % outWidth * geometry.strideW() - geometry.padW() + tap % geometry.kernelW();
  }

  /** The offset of (h, w) of channel 0 in the image of output position {@code row}. */
  private int corner(int row, int h, int w) {
    return row / outPositions * imageSize + (h * geometry.width() + w) * step;
  }

  private int channelOffset(int channel) {
    int plane = geometry.height() * geometry.width();
    return geometry.planarInput()
        ? channel * plane
        : channel / BLOCK * plane * BLOCK + channel % BLOCK;
  }

  @Override
  public boolean overlaps() {
    return true;
  }

  @Override
  public void clear(float[] x, int x0, int firstImage, int images) {
    Arrays.fill(x, x0 + firstImage * imageSize, x0 + (firstImage + images) * imageSize, 0f);
  }

  @Override
  public int direct(int group, int block, int firstRow, int rows) {
    return -1;
  }

  @Override
  public int directStride() {
    return 0;
  }
}
