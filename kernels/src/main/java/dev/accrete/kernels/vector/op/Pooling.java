package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Pool2d;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Pooling over windows of blocked tensors, a tile per plane of one block of one image. */
public final class Pooling {
  private final Pool2d pool;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final int planes;

  /** The pool over tensors of this shape. */
  public Pooling(Pool2d pool, Shape x) {
    this.pool = pool;
    Shape y = pool.outputShape(x);
    height = x.dim(2);
    width = x.dim(3);
    outHeight = y.dim(2);
    outWidth = y.dim(3);
    planes = x.dim(0) * Layout.blocks(x);
  }

  private int start(int i) {
    return Math.max(0, i * pool.stride() - pool.pad());
  }

  private int end(int i, int extent) {
    return Math.min(extent, i * pool.stride() - pool.pad() + pool.kernel());
  }

  /** y from x, both blocked. */
  public Step forward(TileRunner runner, Operand x, Operand y) {
    boolean max = pool.kind() == Pool2d.Kind.MAX;
    TileBody body =
        (plane, scratch) -> {
          int from = x.offset + plane * height * width * BLOCK;
          int to = y.offset + plane * outHeight * outWidth * BLOCK;
          for (int i = 0; i < outHeight; i++) {
            for (int j = 0; j < outWidth; j++) {
              for (int lane = 0; lane < BLOCK; lane += WIDTH) {
                int at = to + (i * outWidth + j) * BLOCK + lane;
                FloatVector result =
                    max
                        ? maximum(x.floats, from + lane, i, j)
                        : average(x.floats, from + lane, i, j);
                result.intoArray(y.floats, at);
              }
            }
          }
        };
    return () -> runner.run(planes, body);
  }

  private FloatVector maximum(float[] x, int from, int i, int j) {
    int left = start(j);
    int right = end(j, width);
    FloatVector best = FloatVector.fromArray(SPECIES, x, from + (start(i) * width + left) * BLOCK);
    for (int row = start(i); row < end(i, height); row++) {
      for (int column = left; column < right; column++) {
        FloatVector value =
            FloatVector.fromArray(SPECIES, x, from + (row * width + column) * BLOCK);
        best = best.blend(value, value.compare(VectorOperators.GT, best));
      }
    }
    return best;
  }

  private FloatVector average(float[] x, int from, int i, int j) {
    int left = start(j);
    int right = end(j, width);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int row = start(i); row < end(i, height); row++) {
      for (int column = left; column < right; column++) {
        sum = sum.add(FloatVector.fromArray(SPECIES, x, from + (row * width + column) * BLOCK));
      }
    }
    return sum.mul(share(i, j));
  }

  private float share(int i, int j) {
    return 1f / ((end(i, height) - start(i)) * (end(j, width) - start(j)));
  }

  /** dx from x and dy, all blocked. */
  public Step backward(TileRunner runner, Operand x, Operand dy, Operand dx) {
    boolean max = pool.kind() == Pool2d.Kind.MAX;
    TileBody body =
        (plane, scratch) -> {
          int from = plane * height * width * BLOCK;
          int to = dy.offset + plane * outHeight * outWidth * BLOCK;
          int begin = dx.offset + from;
          Arrays.fill(dx.floats, begin, begin + height * width * BLOCK, 0f);
          for (int i = 0; i < outHeight; i++) {
            for (int j = 0; j < outWidth; j++) {
              for (int lane = 0; lane < BLOCK; lane += WIDTH) {
                int at = to + (i * outWidth + j) * BLOCK + lane;
                if (max) {
                  routeMaximum(x, dy.floats, at, dx, from + lane, i, j);
                } else {
                  spread(dy.floats, at, dx.floats, begin + lane, i, j);
                }
              }
            }
          }
        };
    return () -> runner.run(planes, body);
  }

  /** Adds dy to the first largest element of the window, lane by lane. */
  private void routeMaximum(Operand x, float[] dy, int at, Operand dx, int from, int i, int j) {
    FloatVector best = maximum(x.floats, x.offset + from, i, j);
    FloatVector upstream = FloatVector.fromArray(SPECIES, dy, at);
    VectorMask<Float> open = SPECIES.maskAll(true);
    for (int row = start(i); row < end(i, height); row++) {
      for (int column = start(j); column < end(j, width); column++) {
        int offset = from + (row * width + column) * BLOCK;
        VectorMask<Float> here =
            FloatVector.fromArray(SPECIES, x.floats, x.offset + offset)
                .compare(VectorOperators.EQ, best)
                .and(open);
        FloatVector sum = FloatVector.fromArray(SPECIES, dx.floats, dx.offset + offset);
        sum.add(upstream, here).intoArray(dx.floats, dx.offset + offset);
        open = open.andNot(here);
      }
    }
  }

  private void spread(float[] dy, int at, float[] dx, int from, int i, int j) {
    FloatVector part = FloatVector.fromArray(SPECIES, dy, at).mul(share(i, j));
    for (int row = start(i); row < end(i, height); row++) {
      for (int column = start(j); column < end(j, width); column++) {
        int to = from + (row * width + column) * BLOCK;
        FloatVector.fromArray(SPECIES, dx, to).add(part).intoArray(dx, to);
      }
    }
  }
}
