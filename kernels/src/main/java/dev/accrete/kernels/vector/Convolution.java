package dev.accrete.kernels.vector;

/**
 * One convolution of fixed extents and its gradients. Activations are blocked (x may be planar, as
 * the geometry says), weights canonical [outChannels, channels/groups, kernelH, kernelW]. Every
 * result is overwritten, lanes beyond the channels with 0. Not thread-safe; runs its tiles on a
 * {@link TileRunner}.
 */
interface Convolution {
  /**
   * Names the weights that {@link #forward} and {@link #inputGrad} use from now on. To be called
   * again whenever the values changed; they are read at the next use of either, not now.
   */
  void pack(float[] weights, int w0);

  /** y = weight * map(x). */
  void forward(float[] x, int x0, ChannelAffine map, float[] y, int y0);

  /** dx, the gradient with respect to map(x), from dy. */
  void inputGrad(float[] dy, int dy0, float[] dx, int dx0);

  /** dw, the gradient with respect to the weights, from map(x) and dy. */
  void weightGrad(float[] x, int x0, ChannelAffine map, float[] dy, int dy0, float[] dw, int dw0);
}
