package dev.accrete.kernels.reference;

import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.PointFunction;
import java.util.Arrays;

/** Element by element, sums per channel, and the product of matrices. */
final class Elements {
  private Elements() {}

  static void add(Cells a, Cells b, Cells y) {
    for (int i = 0; i < y.floats().length; i++) {
      y.floats()[i] = a.floats()[i] + b.floats()[i];
    }
  }

  static void addBias(Cells x, Cells bias, Cells y) {
    Shape shape = x.type().shape();
    int spatial = shape.spatialSize();
    for (int i = 0; i < y.floats().length; i++) {
      y.floats()[i] = x.floats()[i] + bias.floats()[i / spatial % shape.dim(1)];
    }
  }

  static void channelSum(Cells x, Cells y) {
    Shape shape = x.type().shape();
    int spatial = shape.spatialSize();
    for (int c = 0; c < shape.dim(1); c++) {
      double sum = 0;
      for (int n = 0; n < shape.dim(0); n++) {
        int plane = (n * shape.dim(1) + c) * spatial;
        for (int i = plane; i < plane + spatial; i++) {
          sum += x.floats()[i];
        }
      }
      y.floats()[c] = (float) sum;
    }
  }

  static void pointwise(PointFunction function, Cells x, Cells y) {
    for (int i = 0; i < y.floats().length; i++) {
      y.floats()[i] = (float) function.value(x.floats()[i]);
    }
  }

  static void pointwiseGrad(PointFunction function, Cells v, Cells dy, Cells dx) {
    for (int i = 0; i < dx.floats().length; i++) {
      dx.floats()[i] = (float) function.gradient(v.floats()[i], dy.floats()[i]);
    }
  }

  static void dropout(Dropout dropout, Cells x, Cells key, Cells y) {
    int[] words = key.ints();
    long seed = Integer.toUnsignedLong(words[0]) | (long) words[1] << 32;
    long stream = Integer.toUnsignedLong(words[2]) | (long) words[3] << 32;
    double keep = 1.0 - dropout.rate();
    for (int i = 0; i < y.floats().length; i++) {
      boolean zeroed = Rng.wordAt(seed, stream, i) >>> 8 < dropout.threshold();
      y.floats()[i] = zeroed ? 0 : (float) (x.floats()[i] / keep);
    }
  }

  static void fill(Fill fill, Cells y) {
    Arrays.fill(y.floats(), fill.value());
  }

  static void matMul(MatMul product, Cells a, Cells b, Cells y) {
    int rows = y.type().shape().dim(0);
    int columns = y.type().shape().dim(1);
    int inner = a.type().shape().dim(product.transposeA() ? 0 : 1);
    int aRow = product.transposeA() ? 1 : inner;
    int aStep = product.transposeA() ? rows : 1;
    int bColumn = product.transposeB() ? inner : 1;
    int bStep = product.transposeB() ? 1 : columns;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += (double) a.floats()[i * aRow + k * aStep] * b.floats()[j * bColumn + k * bStep];
        }
        y.floats()[i * columns + j] = (float) sum;
      }
    }
  }
}
