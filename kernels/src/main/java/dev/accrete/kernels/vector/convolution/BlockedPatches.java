package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.RowLayout;
import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Source;
import jdk.incubator.vector.FloatVector;

/**
 * Patches of blocked activations for any kernel, stride and padding. Column block {@code (cb *
 * kernelH + i) * kernelW + j} is tap (i, j) of channel block cb. Groups must begin at whole blocks.
 */
public final class BlockedPatches implements PatchMatrix {
  private final ConvGeometry geometry;
  private final int outWidth;
  private final int outPositions;
  private final int taps;
  private final int imageBlocks;
  private final int groupBlocks;

  /** The patches of a convolution over a blocked tensor. */
  public BlockedPatches(ConvGeometry geometry) {
    this.geometry = geometry;
    outWidth = geometry.outWidth();
    outPositions = geometry.outPositions();
    taps = geometry.kernelH() * geometry.kernelW();
    imageBlocks = Blocks.count(geometry.channels());
    groupBlocks = Blocks.count(geometry.groupChannels());
  }

  @Override
  public int blocks() {
    return groupBlocks * taps;
  }

  @Override
  public int canonical(int column) {
    int block = column / BLOCK;
    int channel = block / taps * BLOCK + column % BLOCK;
    return channel < geometry.groupChannels() ? channel * taps + block % taps : -1;
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
    for (int b = 0; b < blockCount; b++) {
      int block = firstBlock + b;
      int channelBlock = group * groupBlocks + block / taps;
      int done = 0;
      while (done < rows) {
        int inLine = Math.min(rows - done, outWidth - (firstRow + done) % outWidth);
        int run = layout.run(done, inLine);
        int at = to0 + layout.at(b, done);
        gatherRun(x, channelBlock, block % taps, firstRow + done, run, to, at);
        done += run;
      }
    }
  }

  /** Gathers one tap of {@code run} output positions of one output line. */
  private void gatherRun(Source x, int block, int tap, int row, int run, float[] to, int at) {
    int line = line(row, tap);
    int column = row % outWidth * geometry.strideW() - geometry.padW() + tap % geometry.kernelW();
    if (line < 0 || line >= geometry.height()) {
      Blocks.clear(to, at, run);
      return;
    }
    int from = lineOffset(row, block, line);
    int width = geometry.width();
    int stride = geometry.strideW();
    int inside = stride == 1 ? Math.min(run, width - column) : 0;
    if (stride == 1 && column >= 0 && inside == run) {
      x.copy(from + column * BLOCK, to, at, run, block * BLOCK);
      return;
    }
    for (int i = 0; i < run; i++) {
      int w = column + i * stride;
      if (w < 0 || w >= width) {
        Blocks.clear(to, at + i * BLOCK, 1);
      } else {
        x.copy(from + w * BLOCK, to, at + i * BLOCK, 1, block * BLOCK);
      }
    }
  }

  @Override
  public void fold(
      float[] from, int from0, int group, int block, int firstRow, int rows, float[] x, int x0) {
    int channelBlock = group * groupBlocks + block / taps;
    int tap = block % taps;
    for (int r = 0; r < rows; r++) {
      int row = firstRow + r;
      int line = line(row, tap);
      int w = row % outWidth * geometry.strideW() - geometry.padW() + tap % geometry.kernelW();
      if (line >= 0 && line < geometry.height() && w >= 0 && w < geometry.width()) {
        add(from, from0 + r * BLOCK, x, x0 + lineOffset(row, channelBlock, line) + w * BLOCK);
      }
    }
  }

  private static void add(float[] from, int from0, float[] to, int to0) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector sum = FloatVector.fromArray(SPECIES, to, to0 + lane);
      sum.add(FloatVector.fromArray(SPECIES, from, from0 + lane)).intoArray(to, to0 + lane);
    }
  }

  /** The input line that tap {@code tap} of output position {@code row} reads. */
  private int line(int row, int tap) {
    return row % outPositions / outWidth * geometry.strideH()
        - geometry.padH()
        + tap / geometry.kernelW();
  }

  private int lineOffset(int row, int block, int line) {
    int plane = row / outPositions * imageBlocks + block;
    return (plane * geometry.height() + line) * geometry.width() * BLOCK;
  }

  @Override
  public boolean overlaps() {
    return true;
  }

  @Override
  public void clear(float[] x, int x0, int firstImage, int images) {
    int image = imageBlocks * geometry.height() * geometry.width();
    Blocks.clear(x, x0 + firstImage * image * BLOCK, images * image);
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
