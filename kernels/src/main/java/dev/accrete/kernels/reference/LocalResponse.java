package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import dev.accrete.core.op.LocalResponseNorm;

/** Local response normalization across channels and its gradient. */
final class LocalResponse {
  private LocalResponse() {}

  static void forward(LocalResponseNorm norm, Cells x, Cells y) {
    for (int i = 0; i < y.floats().length; i++) {
      y.floats()[i] = (float) (x.floats()[i] * Math.pow(base(norm, x, i), -norm.beta()));
    }
  }

  /**
   * With b = k + alpha / size * sum x'^2: dx = dy b^-beta - 2 alpha beta / size * x * sum over the
   * neighbours x' of dy' x' b'^(-beta - 1).
   */
  static void backward(LocalResponseNorm norm, Cells x, Cells dy, Cells dx) {
    Shape shape = x.type().shape();
    int spatial = shape.spatialSize();
    double factor = 2.0 * norm.alpha() * norm.beta() / norm.size();
    for (int i = 0; i < dx.floats().length; i++) {
      int channel = i / spatial % shape.dim(1);
      double sum = 0;
      for (int c = first(norm, channel); c <= last(norm, channel, shape.dim(1)); c++) {
        int at = i + (c - channel) * spatial;
        sum +=
            (double) dy.floats()[at]
                * x.floats()[at]
                * Math.pow(base(norm, x, at), -norm.beta() - 1.0);
      }
      double own = dy.floats()[i] * Math.pow(base(norm, x, i), -norm.beta());
      dx.floats()[i] = (float) (own - factor * x.floats()[i] * sum);
    }
  }

  private static double base(LocalResponseNorm norm, Cells x, int index) {
    Shape shape = x.type().shape();
    int spatial = shape.spatialSize();
    int channel = index / spatial % shape.dim(1);
    double sum = 0;
    for (int c = first(norm, channel); c <= last(norm, channel, shape.dim(1)); c++) {
      double value = x.floats()[index + (c - channel) * spatial];
      sum += value * value;
    }
    return norm.k() + (double) norm.alpha() / norm.size() * sum;
  }

  private static int first(LocalResponseNorm norm, int channel) {
    return Math.max(0, channel - norm.size() / 2);
  }

  private static int last(LocalResponseNorm norm, int channel, int channels) {
    return Math.min(channels - 1, channel + norm.size() / 2);
  }
}
