package dev.accrete.kernels.reference;

import dev.accrete.core.DType;
import dev.accrete.core.op.Triangle;
import java.util.Arrays;

/** Symmetric matrices as their upper triangles. */
final class Symmetric {
  private Symmetric() {}

  static void update(boolean subtract, Cells x, Cells sums, Cells result) {
    int rows = x.type().shape().dim(0);
    Triangle triangle = new Triangle(x.type().shape().dim(1));
    for (int i = 0; i < triangle.side(); i++) {
      for (int j = i; j < triangle.side(); j++) {
        double sum = 0;
        for (int n = 0; n < rows; n++) {
          sum += at(x, n * triangle.side() + i) * at(x, n * triangle.side() + j);
        }
        int place = triangle.at(i, j);
        result.doubles()[place] = sums.doubles()[place] + (subtract ? -sum : sum);
      }
    }
  }

  private static double at(Cells x, int index) {
    return x.type().dtype() == DType.F32 ? x.floats()[index] : x.doubles()[index];
  }

  static void factor(Cells a, Cells r) {
    double[] in = a.doubles();
    double[] out = r.doubles();
    Triangle triangle = Triangle.ofLength(in.length);
    for (int i = 0; i < triangle.side(); i++) {
      for (int j = i; j < triangle.side(); j++) {
        double rest = in[triangle.at(i, j)];
        for (int k = 0; k < i; k++) {
          rest -= out[triangle.at(k, i)] * out[triangle.at(k, j)];
        }
        if (j > i) {
          out[triangle.at(i, j)] = rest / out[triangle.at(i, i)];
        } else if (rest > 0 && rest < Double.POSITIVE_INFINITY) {
          out[triangle.at(i, i)] = Math.sqrt(rest);
        } else {
          Arrays.fill(out, triangle.at(i, i), out.length, Double.NaN);
          return;
        }
      }
    }
  }

  static void solve(boolean transposed, Cells factor, Cells right, Cells result) {
    double[] r = factor.doubles();
    double[] x = result.doubles();
    Triangle triangle = Triangle.ofLength(r.length);
    int side = triangle.side();
    for (int row = 0; row < right.type().shape().dim(0) * side; row += side) {
      for (int step = 0; step < side; step++) {
        int i = transposed ? step : side - 1 - step;
        double rest = right.doubles()[row + i];
        for (int k = transposed ? 0 : i + 1; k < (transposed ? i : side); k++) {
          rest -= r[transposed ? triangle.at(k, i) : triangle.at(i, k)] * x[row + k];
        }
        x[row + i] = rest / r[triangle.at(i, i)];
      }
    }
  }
}
