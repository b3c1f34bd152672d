package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Patches gathered element by element: planar images, and groups that do not begin at whole blocks.
 * The columns are those of the canonical weight, then padding. Slow per element, which matters
 * little for the few channels of an image.
 */
final class LoosePatches implements PatchMatrix {
  private final ConvGeometry geometry;
  private final int outHeight;
  private final int outWidth;
  private final int outPositions;
  private final int taps;
  private final int columns;
  private final int blocks;
  private final int[] tapLines;
  private final int[] tapColumns;
  private final int imageSize;

  /** Floats from one position of a plane to the next. */
  private final int step;

  /** Where each column of each group lies relative to the first tap of channel 0. */
  private final int[] offsets;

  LoosePatches(ConvGeometry geometry) {
    this.geometry = geometry;
    outHeight = geometry.outHeight();
    outWidth = geometry.outWidth();
    outPositions = geometry.outPositions();
    taps = geometry.kernelH() * geometry.kernelW();
    columns = geometry.weightRow();
    step = geometry.planarInput() ? 1 : BLOCK;
    int channels = geometry.channels();
    int lanes = geometry.planarInput() ? channels : Blocks.count(channels) * BLOCK;
    imageSize = lanes * geometry.height() * geometry.width();
    blocks = Math.ceilDiv(columns, BLOCK);
    tapLines = new int[blocks * BLOCK];
    tapColumns = new int[blocks * BLOCK];
    Arrays.setAll(tapLines, column -> column % taps / geometry.kernelW());
    Arrays.setAll(tapColumns, column -> column % taps % geometry.kernelW());
    offsets = new int[geometry.groups() * blocks * BLOCK];
    Arrays.setAll(offsets, this::offset);
  }

  /**
   * The offset of an element of the padded columns of all groups; of a padding column, any inside.
   */
  private int offset(int element) {
    int group = element / (blocks * BLOCK);
    int column = Math.min(element % (blocks * BLOCK), columns - 1);
    int tap = column % taps;
    int position = tap / geometry.kernelW() * geometry.width() + tap % geometry.kernelW();
    return channelOffset(group * geometry.groupChannels() + column / taps) + position * step;
  }

  @Override
  public int blocks() {
    return blocks;
  }

  @Override
  public int canonical(int column) {
    return column < columns ? column : -1;
  }

  @Override
  public void gather(
      Source x,
      int group,
      int firstBlock,
      int blockCount,
      int firstRow,
      int rows,
      float[] to,
      int to0,
      RowLayout layout) {
    int image = firstRow / outPositions;
    int line = firstRow % outPositions / outWidth;
    int column = firstRow % outWidth;
    for (int r = 0; r < rows; r++) {
      int h = line * geometry.strideH() - geometry.padH();
      int w = column * geometry.strideW() - geometry.padW();
      int corner = image * imageSize + (h * geometry.width() + w) * step;
      boolean plain = x.isPlain() && isInside(h, w);
      for (int b = 0; b < blockCount; b++) {
        int block = firstBlock + b;
        int at = to0 + layout.at(b, r);
        if (plain) {
          copy(x.base(), corner, (group * blocks + block) * BLOCK, columns - block * BLOCK, to, at);
        } else {
          gatherElements(x, corner, group, block * BLOCK, h, w, to, at);
        }
      }
      if (++column == outWidth) {
        column = 0;
        line++;
        if (line == outHeight) {
          line = 0;
          image++;
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

  /** Gathers a block of columns of which the first {@code used} are no padding. */
  private void copy(Operand x, int corner, int element, int used, float[] to, int at) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector taps =
          FloatVector.fromArray(SPECIES, x.floats, x.offset + corner, offsets, element + lane);
      if (used < lane + WIDTH) {
        taps = taps.blend(0f, SPECIES.indexInRange(lane, Math.max(lane, used)).not());
      }
      taps.intoArray(to, at + lane);
    }
  }

  private void gatherElements(
      Source x, int corner, int group, int first, int h, int w, float[] to, int at) {
    for (int i = 0; i < BLOCK; i++) {
      int column = first + i;
      int line = h + tapLines[column];
      int position = w + tapColumns[column];
      float value = 0f;
      if (column < columns
          && line >= 0
          && line < geometry.height()
          && position >= 0
          && position < geometry.width()) {
        int channel = group * geometry.groupChannels() + column / taps;
        value = x.value(corner + offsets[group * blocks * BLOCK + column], channel);
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
