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
  /** Picks the even elements of two adjacent vectors; negative indices mean the second. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i < WIDTH ? 2 * i : 2 * i - 2 * WIDTH);

  private final ConvGeometry g;
  private final int outLines;
  private final int lines;

  /** Columns of a part of a line. */
  private final int part;

  /** Floats of a line. */
  private final int width;

  PlanarBand(ConvGeometry geometry) {
    g = geometry;
    outLines = Math.clamp(Tiling.BAND_POSITIONS / g.outWidth(), 1, g.outHeight());
    lines = (outLines - 1) * g.strideH() + g.kernelH();
    part = Math.ceilDiv((g.outWidth() - 1) * g.strideW() + g.kernelW(), g.strideW());
    width = part * g.strideW();
  }

  /** Output lines per band. */
  int outLines() {
    return outLines;
  }

  /** Bands of one image. */
  int count() {
    return Math.ceilDiv(g.outHeight(), outLines);
  }

  /** Floats of scratch memory; the last kernel of a line may read some positions further. */
  int floats() {
    return g.channels() * lines * width + Tiling.KERNEL_ROWS;
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
          copy(x, plane + h * g.width(), c, phase - g.padW(), to, at + phase * part);
        }
      }
    }
  }

  /** One part of a line: every s-th column from {@code column} on. */
  private void copy(Source x, int line, int channel, int column, float[] to, int to0) {
    int step = g.strideW();
    int left = Math.min(part, column < 0 ? Math.ceilDiv(-column, step) : 0);
    int end = Math.clamp(Math.ceilDiv(g.width() - column, step), left, part);
    if (left > 0 || end < part) {
      Arrays.fill(to, to0, to0 + part, 0f);
    }
    int from = x.base().offset + line + column;
    if (x.isPlain() && step == 1) {
      System.arraycopy(x.base().floats, from + left, to, to0 + left, end - left);
    } else if (x.isPlain() && step == 2) {
      everySecond(x.base().floats, from, left, end, to, to0);
    } else {
      for (int i = left; i < end; i++) {
        to[to0 + i] = x.value(line + column + i * step, channel);
      }
    }
  }

  /** {@code to[to0 + i] = x[x0 + 2 * i]} for i from {@code first} to {@code end - 1}. */
  private static void everySecond(float[] x, int x0, int first, int end, float[] to, int to0) {
    int i = first;
    int last = Math.min(end, (x.length - x0) / 2) - WIDTH;
    for (; i <= last; i += WIDTH) {
      FloatVector low = FloatVector.fromArray(SPECIES, x, x0 + 2 * i);
      FloatVector high = FloatVector.fromArray(SPECIES, x, x0 + 2 * i + WIDTH);
      low.rearrange(EVEN, high).intoArray(to, to0 + i);
    }
    for (; i < end; i++) {
      to[to0 + i] = x[x0 + 2 * i];
    }
  }
}
