package dev.accrete.kernels.vector.lowering;

import dev.accrete.kernels.vector.convolution.ConvGeometry;

/** A convolution and its gradients as plain loops in double over canonical arrays. */
final class NaiveConvolution {
  private final ConvGeometry g;
  private final float[] x;
  private final float[] w;
  private final float[] dy;
  final double[] y;
  final double[] dx;
  final double[] dw;

  /** Sums of absolute products, to scale error bounds. */
  final double[] yScale;

  final double[] dxScale;
  final double[] dwScale;

  NaiveConvolution(ConvGeometry g, float[] x, float[] w, float[] dy) {
    this.g = g;
    this.x = x;
    this.w = w;
    this.dy = dy;
    y = new double[dy.length];
    dx = new double[x.length];
    dw = new double[w.length];
    yScale = new double[y.length];
    dxScale = new double[dx.length];
    dwScale = new double[dw.length];
    for (int n = 0; n < g.images(); n++) {
      for (int k = 0; k < g.outChannels(); k++) {
        for (int oh = 0; oh < g.outHeight(); oh++) {
          for (int ow = 0; ow < g.outWidth(); ow++) {
            output(n, k, oh, ow);
          }
        }
      }
    }
  }

  private void output(int n, int k, int oh, int ow) {
    int out = ((n * g.outChannels() + k) * g.outHeight() + oh) * g.outWidth() + ow;
    int first = k / g.groupOutChannels() * g.groupChannels();
    for (int c = 0; c < g.groupChannels(); c++) {
      for (int i = 0; i < g.kernelH(); i++) {
        for (int j = 0; j < g.kernelW(); j++) {
          int h = oh * g.strideH() - g.padH() + i;
          int v = ow * g.strideW() - g.padW() + j;
          if (h >= 0 && h < g.height() && v >= 0 && v < g.width()) {
            int in = ((n * g.channels() + first + c) * g.height() + h) * g.width() + v;
            int tap = ((k * g.groupChannels() + c) * g.kernelH() + i) * g.kernelW() + j;
            accumulate(out, in, tap);
          }
        }
      }
    }
  }

  private void accumulate(int out, int in, int tap) {
    y[out] += (double) w[tap] * x[in];
    dx[in] += (double) w[tap] * dy[out];
    dw[tap] += (double) x[in] * dy[out];
    yScale[out] += Math.abs(w[tap] * x[in]);
    dxScale[in] += Math.abs(w[tap] * dy[out]);
    dwScale[tap] += Math.abs(x[in] * dy[out]);
  }
}
