package dev.accrete.kernels.vector.op;

import dev.accrete.core.Shape;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;

/** Image bytes to planar normalized floats through a table of 256 values per channel. */
public final class Images {
  private static final int LEVELS = 256;

  private Images() {}

  /** y from bytes, flipped and moved as {@code augment} says. */
  public static Step normalize(
      TileRunner runner, NormalizeImage op, Operand images, Operand augment, Operand y) {
    int channels = op.mean().size();
    float[] table = new float[channels * LEVELS];
    for (int i = 0; i < table.length; i++) {
      int c = i / LEVELS;
      table[i] = (float) (((double) (i % LEVELS) - op.mean().get(c)) / op.std().get(c));
    }
    TileBody body =
        (plane, scratch) -> {
          int choice = augment.offset + plane / channels * 3;
          boolean flip = augment.ints[choice] != 0;
          int top = augment.ints[choice + 1];
          int left = augment.ints[choice + 2];
          plane(images, plane, flip, top, left, table, plane % channels * LEVELS, op, y);
        };
    return () -> runner.run(images.shape().dim(0) * channels, body);
  }

  private static void plane(
      Operand images,
      int plane,
      boolean flip,
      int top,
      int left,
      float[] table,
      int levels,
      NormalizeImage op,
      Operand y) {
    Shape shape = images.shape();
    int width = shape.dim(3);
    for (int i = 0; i < op.height(); i++) {
      int to = y.offset + (plane * op.height() + i) * op.width();
      int row = i + top;
      if (row < 0 || row >= shape.dim(2)) {
        Arrays.fill(y.floats, to, to + op.width(), 0f);
        continue;
      }
      int from = images.offset + (plane * shape.dim(2) + row) * width;
      // Output column j reads input column first + step * j; [begin, end) of them are inside.
      int step = flip ? -1 : 1;
      int first = flip ? width - 1 - left : left;
      int begin = Math.clamp(flip ? (long) first - width + 1 : -(long) first, 0, op.width());
      int end = Math.clamp(flip ? (long) first + 1 : (long) width - first, begin, op.width());
      Arrays.fill(y.floats, to, to + begin, 0f);
      Arrays.fill(y.floats, to + end, to + op.width(), 0f);
      byte[] bytes = images.bytes;
      float[] out = y.floats;
      for (int j = begin; j < end; j++) {
        out[to + j] = table[levels + (bytes[from + first + step * j] & 0xFF)];
      }
    }
  }
}
