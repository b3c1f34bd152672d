package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * The patch matrix of a 1x1 convolution with stride 1 over blocked activations: row i is position
 * i, so rows are copied in runs, or not at all. Groups must begin at whole blocks.
 */
public final class PointRows implements PatchMatrix {
  private final int channels;
  private final int positions;
  private final int imageBlocks;
  private final int groupBlocks;

  /** The rows of a 1x1 convolution over a blocked tensor. */
  public PointRows(ConvGeometry geometry) {
    channels = geometry.groupChannels();
    positions = geometry.height() * geometry.width();
    imageBlocks = Blocks.count(geometry.channels());
    groupBlocks = Blocks.count(channels);
  }

  @Override
  public int blocks() {
    return groupBlocks;
  }

  @Override
  public int canonical(int column) {
    return column < channels ? column : -1;
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
    int block = group * groupBlocks + firstBlock;
    int done = 0;
    while (done < rows) {
      int inPlane = Math.min(rows - done, positions - (firstRow + done) % positions);
      int run = layout.run(done, inPlane);
      int runs = run == Tiling.GROUP_ROWS ? inPlane / run : 1;
      int from = offset(firstRow + done, block);
      for (int b = 0; b < blockCount; b++) {
        x.copyLines(
            from + b * positions * BLOCK,
            run * BLOCK,
            to,
            to0 + layout.at(b, done),
            layout.group(),
            runs,
            run,
            (block + b) * BLOCK);
      }
      done += runs * run;
    }
  }

  @Override
  public void fold(
      float[] from, int from0, int group, int block, int firstRow, int rows, float[] x, int x0) {
    int done = 0;
    while (done < rows) {
      int run = Math.min(rows - done, positions - (firstRow + done) % positions);
      int to = x0 + offset(firstRow + done, group * groupBlocks + block);
      System.arraycopy(from, from0 + done * BLOCK, x, to, run * BLOCK);
      done += run;
    }
  }

  @Override
  public boolean overlaps() {
    return false;
  }

  @Override
  public void clear(float[] x, int x0, int firstImage, int images) {
    Blocks.clear(
        x, x0 + firstImage * imageBlocks * positions * BLOCK, images * imageBlocks * positions);
  }

  @Override
  public int direct(int group, int block, int firstRow, int rows) {
    return firstRow % positions + rows <= positions
        ? offset(firstRow, group * groupBlocks + block)
        : -1;
  }

  @Override
  public int directStride() {
    return positions * BLOCK;
  }

  private int offset(int row, int block) {
    return ((row / positions * imageBlocks + block) * positions + row % positions) * BLOCK;
  }
}
