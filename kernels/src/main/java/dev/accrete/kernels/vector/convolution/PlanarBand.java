package dev.accrete.kernels.vector.convolution;

import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.product.Tiling;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Lines of all planes of one planar image, computed and brought into scratch memory with their
 * padding, so that every tap of every output position lies at a fixed distance. With a horizontal
 * stride s, a line is kept as s parts, every s-th column each: what neighbouring outputs read at
 * one tap is adjacent.
 */
final class PlanarBand {
  /**
   * The even elements of a vector in front. One vector after the other is stored over the useless
   * half of the one before: picking from two at once takes the JIT several times as long.
   */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % WIDTH);

  private final ConvGeometry g;
  private final int outLines;
  private final int lines;

  /** Columns of a part of a line. */
  private final int part;

  /** Floats of a line. */
  private final int width;

  /** Of every part of a line the first column inside the image, and the one after the last. */
  private final int[] begins;

  private final int[] ends;

  PlanarBand(ConvGeometry geometry) {
    g = geometry;
    outLines = Math.clamp(Tiling.BAND_POSITIONS / g.outWidth(), 1, g.outHeight());
    lines = (outLines - 1) * g.strideH() + g.kernelH();
    part = Math.ceilDiv((g.outWidth() - 1) * g.strideW() + g.kernelW(), g.strideW());
    width = part * g.strideW();
    begins = new int[g.strideW()];
    ends = new int[g.strideW()];
    for (int phase = 0; phase < g.strideW(); phase++) {
      int column = phase - g.padW();
      begins[phase] = Math.clamp(Math.ceilDiv(-column, g.strideW()), 0, part);
      ends[phase] = Math.clamp(Math.ceilDiv(g.width() - column, g.strideW()), begins[phase], part);
    }
  }

  /** Output lines per band. */
  int outLines() {
    return outLines;
  }

  /** Bands of one image. */
  int count() {
    return Math.ceilDiv(g.outHeight(), outLines);
  }

  /** Floats of scratch memory; who reads or writes a line may go some positions further. */
  int floats() {
    return g.channels() * lines * width + Math.max(Tiling.KERNEL_ROWS, WIDTH);
  }

  /** Floats from one output line to the next. */
  int lineStep() {
    return g.strideH() * width;
  }

  /** Where the columns of {@code patches} lie; padding columns lie anywhere inside. */
  int[] taps(PatchMatrix patches, int columns) {
    int kernel = g.kernelH() * g.kernelW();
    int[] taps = new int[columns];
    for (int k = 0; k < columns; k++) {
      int index = Math.max(0, k < patches.blocks() * Lanes.BLOCK ? patches.canonical(k) : -1);
      int line = index / kernel * lines + index % kernel / g.kernelW();
      int column = index % g.kernelW();
      taps[k] = line * width + column % g.strideW() * part + column / g.strideW();
    }
    return taps;
  }

  /** Brings the lines that output lines from {@code firstLine} on read to {@code to0}. */
  void load(Source x, int image, int firstLine, float[] to, int to0) {
    for (int c = 0; c < g.channels(); c++) {
      int plane = (image * g.channels() + c) * g.height() * g.width();
      for (int i = 0; i < lines; i++) {
        int h = firstLine * g.strideH() - g.padH() + i;
        int at = to0 + (c * lines + i) * width;
        if (h < 0 || h >= g.height()) {
          Arrays.fill(to, at, at + width, 0f);
          continue;
        }
        for (int phase = 0; phase < g.strideW(); phase++) {
          copy(x, plane + h * g.width(), c, phase, to, at + phase * part);
        }
      }
    }
  }

  /** One part of a line. May spoil what lies behind it, where the next part will be. */
  private void copy(Source x, int line, int channel, int phase, float[] to, int to0) {
    int step = g.strideW();
    int begin = begins[phase];
    int end = ends[phase];
    for (int i = 0; i < begin; i++) {
      to[to0 + i] = 0f;
    }
    int column = line + phase - g.padW();
    int from = x.base().offset + column;
    if (x.isPlain() && step == 1) {
      System.arraycopy(x.base().floats, from + begin, to, to0 + begin, end - begin);
    } else if (x.isPlain() && step == 2) {
      everySecond(x.base().floats, from, begin, end, to, to0);
    } else {
      for (int i = begin; i < end; i++) {
        to[to0 + i] = x.value(column + i * step, channel);
      }
    }
    for (int i = end; i < part; i++) {
      to[to0 + i] = 0f;
    }
  }

  /** {@code to[to0 + i] = x[x0 + 2 * i]} for i from {@code first} to {@code end - 1}. */
  private static void everySecond(float[] x, int x0, int first, int end, float[] to, int to0) {
    int i = first;
    for (; i < end && x0 + 2 * i <= x.length - WIDTH; i += WIDTH / 2) {
      FloatVector.fromArray(SPECIES, x, x0 + 2 * i).rearrange(EVEN).intoArray(to, to0 + i);
    }
    for (; i < end; i++) {
      to[to0 + i] = x[x0 + 2 * i];
    }
  }
}
