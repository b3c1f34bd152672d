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
  private final int columns;
  private final int imageSize;

  LoosePatches(ConvGeometry geometry) {
    this.geometry = geometry;
    outWidth = geometry.outWidth();
    outPositions = geometry.outPositions();
    columns = geometry.weightRow();
    int lanes =
        geometry.planarInput() ? geometry.channels() : Blocks.count(geometry.channels()) * BLOCK;
    imageSize = lanes * geometry.height() * geometry.width();
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
    int taps = geometry.kernelH() * geometry.kernelW();
    for (int column = firstBlock * BLOCK; column < (firstBlock + blockCount) * BLOCK; column++) {
      int at = to0 + (column / BLOCK - firstBlock) * stride + column % BLOCK;
      if (column >= columns) {
        for (int r = 0; r < rows; r++) {
          to[at + r * BLOCK] = 0f;
        }
        continue;
      }
      int channel = group * geometry.groupChannels() + column / taps;
      gatherColumn(x, x0, map, channel, column % taps, firstRow, rows, to, at);
    }
  }

  private void gatherColumn(
      float[] x,
      int x0,
      ChannelAffine map,
      int channel,
      int tap,
      int firstRow,
      int rows,
      float[] to,
      int at) {
    float scale = map.isIdentity() ? 1f : map.scale[channel];
    float shift = map.isIdentity() ? 0f : map.shift[channel];
    float least = map.relu ? 0f : Float.NEGATIVE_INFINITY;
    int step = geometry.strideW() * (geometry.planarInput() ? 1 : BLOCK);
    int done = 0;
    while (done < rows) {
      int row = firstRow + done;
      int run = Math.min(rows - done, outWidth - row % outWidth);
      int line = line(row, tap);
      int w = row % outWidth * geometry.strideW() - geometry.padW() + tap % geometry.kernelW();
      boolean lineInside = line >= 0 && line < geometry.height();
      int from = x0 + offset(row, channel, line, w);
      for (int i = 0; i < run; i++, w += geometry.strideW()) {
        boolean inside = lineInside && w >= 0 && w < geometry.width();
        to[at + (done + i) * BLOCK] =
            inside ? Math.max(least, Math.fma(scale, x[from + i * step], shift)) : 0f;
      }
      done += run;
    }
  }

  @Override
  public void fold(
      float[] from, int from0, int group, int block, int firstRow, int rows, float[] x, int x0) {
    int taps = geometry.kernelH() * geometry.kernelW();
    int last = Math.min(columns, (block + 1) * BLOCK);
    for (int r = 0; r < rows; r++) {
      int row = firstRow + r;
      for (int column = block * BLOCK; column < last; column++) {
        int tap = column % taps;
        int line = line(row, tap);
        int w = row % outWidth * geometry.strideW() - geometry.padW() + tap % geometry.kernelW();
        if (line >= 0 && line < geometry.height() && w >= 0 && w < geometry.width()) {
          int channel = group * geometry.groupChannels() + column / taps;
          x[x0 + offset(row, channel, line, w)] += from[from0 + r * BLOCK + column % BLOCK];
        }
      }
    }
  }

  private int line(int row, int tap) {
    return row % outPositions / outWidth * geometry.strideH()
        - geometry.padH()
        + tap / geometry.kernelW();
  }

  private int offset(int row, int channel, int line, int w) {
    int image = row / outPositions * imageSize;
    int position = line * geometry.width() + w;
    int plane = geometry.height() * geometry.width();
    return geometry.planarInput()
        ? image + channel * plane + position
        : image + (channel / BLOCK * plane + position) * BLOCK + channel % BLOCK;
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
