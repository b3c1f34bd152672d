package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Conv2d;

/** Convolution and its two gradients, each as one sum per element of the result. */
final class Convolutions {
  private Convolutions() {}

  static void forward(Conv2d conv, Cells x, Cells weight, Cells y) {
    Shape out = y.type().shape();
    Shape w = weight.type().shape();
    int perGroup = out.dim(1) / conv.groups();
    int index = 0;
    for (int n = 0; n < out.dim(0); n++) {
      for (int k = 0; k < out.dim(1); k++) {
        int channel = k / perGroup * w.dim(1);
        for (int i = 0; i < out.dim(2); i++) {
          for (int j = 0; j < out.dim(3); j++) {
            int top = i * conv.strideH() - conv.padH();
            int left = j * conv.strideW() - conv.padW();
            y.floats()[index++] = (float) window(x, weight, n, channel, k, top, left);
          }
        }
      }
    }
  }

  private static double window(
      Cells x, Cells weight, int n, int channel, int k, int top, int left) {
    Shape in = x.type().shape();
    Shape w = weight.type().shape();
    int firstRow = Math.max(0, -top);
    int lastRow = Math.min(w.dim(2), in.dim(2) - top);
    int firstColumn = Math.max(0, -left);
    int lastColumn = Math.min(w.dim(3), in.dim(3) - left);
    double sum = 0;
    for (int c = 0; c < w.dim(1); c++) {
      int plane = (n * in.dim(1) + channel + c) * in.dim(2);
      int filter = (k * w.dim(1) + c) * w.dim(2);
      for (int r = firstRow; r < lastRow; r++) {
        int xRow = (plane + top + r) * in.dim(3) + left;
        int wRow = (filter + r) * w.dim(3);
        for (int s = firstColumn; s < lastColumn; s++) {
          sum += (double) x.floats()[xRow + s] * weight.floats()[wRow + s];
        }
      }
    }
    return sum;
  }

  static void inputGrad(Conv2d conv, Cells dy, Cells weight, Cells dx) {
    Shape in = dx.type().shape();
    Shape w = weight.type().shape();
    int perGroup = w.dim(0) / conv.groups();
    int index = 0;
    for (int n = 0; n < in.dim(0); n++) {
      for (int c = 0; c < in.dim(1); c++) {
        int firstFilter = c / w.dim(1) * perGroup;
        for (int i = 0; i < in.dim(2); i++) {
          for (int j = 0; j < in.dim(3); j++) {
            double sum = 0;
            for (int k = firstFilter; k < firstFilter + perGroup; k++) {
              sum += touching(conv, dy, weight, n, k, c % w.dim(1), i, j);
            }
            dx.floats()[index++] = (float) sum;
          }
        }
      }
    }
  }

  /** The sum over the windows of filter {@code k} that touch element (i, j) of a plane of x. */
  private static double touching(
      Conv2d conv, Cells dy, Cells weight, int n, int k, int c, int i, int j) {
    Shape out = dy.type().shape();
    Shape w = weight.type().shape();
    float[] gradients = dy.floats();
    float[] weights = weight.floats();
    int width = out.dim(3);
    int plane = (n * out.dim(1) + k) * out.dim(2);
    int filter = (k * w.dim(1) + c) * w.dim(2);
    int bottom = i + conv.padH();
    int right = j + conv.padW();
    int lastRow = Math.min(w.dim(2) - 1, bottom);
    int lastColumn = Math.min(w.dim(3) - 1, right);
    int firstColumn = first(right, conv.strideW(), width);
    double sum = 0;
    // Window (bottom - r) / stride touches it with its row r, wherever that comes out even.
    for (int r = first(bottom, conv.strideH(), out.dim(2)); r <= lastRow; r += conv.strideH()) {
      int row = (plane + (bottom - r) / conv.strideH()) * width;
      int at = row + (right - firstColumn) / conv.strideW();
      int tap = (filter + r) * w.dim(3);
      for (int s = firstColumn; s <= lastColumn; s += conv.strideW()) {
        sum += (double) gradients[at--] * weights[tap + s];
      }
    }
    return sum;
  }

  /** The first tap by which one of so many windows touches what lies {@code from} their edge. */
  private static int first(int from, int stride, int windows) {
    int least = Math.max(0, from - stride * (windows - 1));
    return least + Math.floorMod(from - least, stride);
  }

  static void weightGrad(Conv2d conv, Cells x, Cells dy, Cells dw) {
    Shape w = dw.type().shape();
    int perGroup = w.dim(0) / conv.groups();
    int index = 0;
    for (int k = 0; k < w.dim(0); k++) {
      for (int c = 0; c < w.dim(1); c++) {
        int channel = k / perGroup * w.dim(1) + c;
        for (int r = 0; r < w.dim(2); r++) {
          for (int s = 0; s < w.dim(3); s++) {
            dw.floats()[index++] = (float) product(conv, x, dy, channel, k, r, s);
          }
        }
      }
    }
  }

  /** The product of dy's planes {@code k} with x's planes shifted by (r, s). */
  private static double product(Conv2d conv, Cells x, Cells dy, int channel, int k, int r, int s) {
    Shape in = x.type().shape();
    Shape out = dy.type().shape();
    double sum = 0;
    for (int n = 0; n < out.dim(0); n++) {
      for (int i = 0; i < out.dim(2); i++) {
        int row = i * conv.strideH() - conv.padH() + r;
        if (row < 0 || row >= in.dim(2)) {
          continue;
        }
        int xRow = ((n * in.dim(1) + channel) * in.dim(2) + row) * in.dim(3);
        int yRow = ((n * out.dim(1) + k) * out.dim(2) + i) * out.dim(3);
        for (int j = 0; j < out.dim(3); j++) {
          int column = j * conv.strideW() - conv.padW() + s;
          if (column >= 0 && column < in.dim(3)) {
            sum += (double) x.floats()[xRow + column] * dy.floats()[yRow + j];
          }
        }
      }
    }
    return sum;
  }
}
