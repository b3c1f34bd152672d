package dev.accrete.kernels.cuda;

import dev.accrete.core.Shape;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.Pool2d;

/** Pooling and local response normalization. */
final class PoolingLowering {
  private PoolingLowering() {}

  /** The struct Pool of pooling.cu. */
  private static int[] struct(Pool2d pool, Shape x) {
    Shape y = pool.outputShape(x);
    return new int[] {
      x.dim(0),
      x.dim(1),
      x.dim(2),
      x.dim(3),
      y.dim(2),
      y.dim(3),
      pool.kernel(),
      pool.stride(),
      pool.pad()
    };
  }

  static void forward(Pool2d pool, LoweredNode node) {
    String kernel =
        switch (pool.kind()) {
          case MAX -> "max_pool";
          case AVERAGE -> "average_pool";
        };
    node.launch(
        KernelFile.POOLING,
        kernel,
        node.over(node.resultShape(0).size()),
        struct(pool, node.shape(0)),
        node.activation(0),
        node.activationResult(0));
  }

  static void backward(Pool2d pool, LoweredNode node) {
    node.launch(
        KernelFile.POOLING,
        "pool_grad",
        node.over(node.shape(0).size()),
        struct(pool, node.shape(0)),
        pool.kind() == Pool2d.Kind.MAX ? 1 : 0,
        node.activation(0),
        node.activation(1),
        node.activationResult(0));
  }

  static void globalAverage(LoweredNode node) {
    Shape x = node.shape(0);
    node.launch(
        KernelFile.POOLING,
        "global_average",
        node.over(x.dim(0) * x.dim(1)),
        x.dim(0),
        x.dim(1),
        x.spatialSize(),
        node.activation(0),
        node.flatResult(0));
  }

  static void moments(LoweredNode node) {
    Shape x = node.shape(0);
    node.launch(
        KernelFile.POOLING,
        "channel_moments",
        node.over(x.dim(0) * x.dim(1)),
        x.dim(0),
        x.dim(1),
        x.spatialSize(),
        node.activation(0),
        node.flatResult(0),
        node.flatResult(1));
  }

  static void globalAverageGrad(LoweredNode node) {
    Shape dx = node.resultShape(0);
    node.launch(
        KernelFile.POOLING,
        "global_average_grad",
        node.over(dx.size()),
        dx.size(),
        dx.dim(1),
        dx.spatialSize(),
        node.flat(0),
        node.activationResult(0));
  }

  /** The struct Response of responses.cu. */
  private static int[] struct(LocalResponseNorm norm, Shape x) {
    return new int[] {
      x.dim(1),
      norm.size(),
      Float.floatToRawIntBits(norm.alpha()),
      Float.floatToRawIntBits(norm.beta()),
      Float.floatToRawIntBits(norm.k())
    };
  }

  static void response(LocalResponseNorm norm, LoweredNode node) {
    Shape x = node.shape(0);
    node.launch(
        KernelFile.RESPONSES,
        "response_norm",
        node.over(x.size()),
        struct(norm, x),
        x.size(),
        node.activation(0),
        node.activationResult(0));
  }

  static void responseGrad(LocalResponseNorm norm, LoweredNode node) {
    Shape x = node.shape(0);
    node.launch(
        KernelFile.RESPONSES,
        "response_norm_grad",
        node.over(x.size()),
        struct(norm, x),
        x.size(),
        node.activation(0),
        node.activation(1),
        node.activationResult(0));
  }
}
