package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Pool2d;
import java.util.Arrays;

/** Maximum, average and global average pooling, and their gradients. */
final class Pooling {
  private Pooling() {}

  static void forward(Pool2d pool, Cells x, Cells y) {
    Shape out = y.type().shape();
    int index = 0;
    for (int plane = 0; plane < out.dim(0) * out.dim(1); plane++) {
      for (int i = 0; i < out.dim(2); i++) {
        for (int j = 0; j < out.dim(3); j++) {
          Window window = Window.of(pool, x, i, j);
          y.floats()[index++] =
              switch (pool.kind()) {
                case MAX -> x.floats()[window.argmax(x, plane)];
                case AVERAGE -> (float) (window.sum(x, plane) / window.count());
              };
        }
      }
    }
  }

  /** {@code plane} holds one plane of dx while it is summed up. */
  static void backward(Pool2d pool, Cells x, Cells dy, Cells dx, double[] plane) {
    Shape out = dy.type().shape();
    int index = 0;
    for (int p = 0; p < out.dim(0) * out.dim(1); p++) {
      Arrays.fill(plane, 0);
      for (int i = 0; i < out.dim(2); i++) {
        for (int j = 0; j < out.dim(3); j++) {
          Window window = Window.of(pool, x, i, j);
          float upstream = dy.floats()[index++];
          switch (pool.kind()) {
            case MAX -> plane[window.argmax(x, p) - p * plane.length] += upstream;
            case AVERAGE -> window.spread(upstream / (double) window.count(), plane);
          }
        }
      }
      for (int i = 0; i < plane.length; i++) {
        dx.floats()[p * plane.length + i] = (float) plane[i];
      }
    }
  }

  static void globalAverage(Cells x, Cells y) {
    int spatial = x.type().shape().spatialSize();
    for (int plane = 0; plane < y.floats().length; plane++) {
      double sum = 0;
      for (int i = plane * spatial; i < (plane + 1) * spatial; i++) {
        sum += x.floats()[i];
      }
      y.floats()[plane] = (float) (sum / spatial);
    }
  }

  static void moments(Cells x, Cells mean, Cells deviation) {
    int spatial = x.type().shape().spatialSize();
    for (int plane = 0; plane < mean.floats().length; plane++) {
      int from = plane * spatial;
      double sum = 0;
      for (int i = from; i < from + spatial; i++) {
        sum += x.floats()[i];
      }
      double average = sum / spatial;
      double squares = 0;
      for (int i = from; i < from + spatial; i++) {
        squares += (x.floats()[i] - average) * (x.floats()[i] - average);
      }
      mean.floats()[plane] = (float) average;
      deviation.floats()[plane] = (float) Math.sqrt(squares / spatial);
    }
  }

  static void globalAverageGrad(Cells dy, Cells dx) {
    int spatial = dx.type().shape().spatialSize();
    for (int i = 0; i < dx.floats().length; i++) {
      dx.floats()[i] = (float) (dy.floats()[i / spatial] / (double) spatial);
    }
  }

  /**
   * The part of a window that lies in the image: rows and columns from (inclusive) to (exclusive).
   */
  private record Window(int top, int bottom, int left, int right, int height, int width) {
    static Window of(Pool2d pool, Cells x, int i, int j) {
      int height = x.type().shape().dim(2);
      int width = x.type().shape().dim(3);
      int top = i * pool.stride() - pool.pad();
      int left = j * pool.stride() - pool.pad();
      return new Window(
          Math.max(0, top),
          Math.min(height, top + pool.kernel()),
          Math.max(0, left),
          Math.min(width, left + pool.kernel()),
          height,
          width);
    }

    int count() {
      return (bottom - top) * (right - left);
    }

    /** The index in x of the first largest element. */
    int argmax(Cells x, int plane) {
      int best = (plane * height + top) * width + left;
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          int at = (plane * height + row) * width + column;
          if (x.floats()[at] > x.floats()[best]) {
            best = at;
          }
        }
      }
      return best;
    }

    double sum(Cells x, int plane) {
      double sum = 0;
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          sum += x.floats()[(plane * height + row) * width + column];
        }
      }
      return sum;
    }

    void spread(double value, double[] plane) {
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          plane[row * width + column] += value;
        }
      }
    }
  }
}
