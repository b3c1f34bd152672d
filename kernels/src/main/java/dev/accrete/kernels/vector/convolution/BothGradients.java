package dev.accrete.kernels.vector.convolution;

import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * Both gradients of a convolution in one pass, so that dy and x are read from memory once: what a
 * tile loads for the one serves the other.
 */
public interface BothGradients {
  /** The parts in which dx is handed to the epilogue. */
  int parts();

  /** Whether dx may lie where dy does. */
  boolean inPlace();

  /**
   * dx and dw as in {@link Convolution}; neither x nor dy is prepared, dx is handed to {@code
   * epilogue} as it is written.
   */
  void run(Source dy, Source x, float[] dx, int dx0, Epilogue epilogue, float[] dw, int dw0);
}
