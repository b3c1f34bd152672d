package dev.accrete.kernels.vector.convolution;

import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.Optional;

/**
 * One convolution of fixed extents and its gradients. Activations are blocked (x may be planar, as
 * the geometry says), weights canonical [outChannels, channels/groups, kernelH, kernelW]. Every
 * result is overwritten, lanes beyond the channels with 0. Not thread-safe; runs its tiles on a
 * {@link TileRunner}.
 */
public interface Convolution {
  /**
   * Names the weights that {@link #forward} and {@link #inputGrad} use from now on. To be called
   * again whenever the values changed; they are read at the next use of either, not now.
   *
   * @param version another one for other values, at least 0
   */
  void pack(float[] weights, int w0, long version);

  /** y = weight * x, which must be ready; y is handed to {@code epilogue} as it is written. */
  void forward(Source x, float[] y, int y0, Epilogue epilogue);

  /**
   * dx, the gradient with respect to x, from dy, which it prepares; handed to {@code epilogue} as
   * it is written.
   */
  void inputGrad(Source dy, float[] dx, int dx0, Epilogue epilogue);

  /** dw, the gradient with respect to the weights; x and dy must be ready. */
  void weightGrad(Source x, Source dy, float[] dw, int dw0);

  /** Both gradients in one pass, where that is worth it. */
  Optional<BothGradients> bothGradients();

  /** The parts in which {@link #forward} hands y to an epilogue; 0 if it cannot. */
  int forwardParts();

  /** The parts in which {@link #inputGrad} hands dx to an epilogue; 0 if it cannot. */
  int inputGradParts();
}
