package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Slice;
import java.util.Arrays;
import java.util.List;

/** Joining and cutting along the channel axis. */
final class Channels {
  private Channels() {}

  static void concat(List<Cells> parts, Cells y) {
    int from = 0;
    for (Cells part : parts) {
      int width = part.type().shape().dim(1);
      move(part, 0, y, from, width);
      from += width;
    }
  }

  static void slice(Slice slice, Cells x, Cells y) {
    move(x, slice.from(), y, 0, slice.to() - slice.from());
  }

  static void sliceGrad(Slice slice, Cells dy, Cells dx) {
    Arrays.fill(dx.floats(), 0);
    move(dy, 0, dx, slice.from(), slice.to() - slice.from());
  }

  private static void move(Cells source, int from, Cells target, int to, int channels) {
    Shape sources = source.type().shape();
    Shape targets = target.type().shape();
    int spatial = sources.spatialSize();
    for (int n = 0; n < sources.dim(0); n++) {
      target.copy(
          (n * targets.dim(1) + to) * spatial,
          source,
          (n * sources.dim(1) + from) * spatial,
          channels * spatial);
    }
  }
}
