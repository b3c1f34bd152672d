package dev.accrete.bench.gpu.vendor;

import dev.accrete.core.Shape;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.kernels.spec.OpSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Batch normalization by cuDNN: in training, where ours also renormalizes, its gradient, and by
 * fixed moments.
 */
final class CudnnNorm implements VendorCall {
  private static final int SPATIAL = 1;

  /** The fast one for channels that lie last; it trains only. */
  private static final int SPATIAL_PERSISTENT = 2;

  /** How much of the moving moments a mini-batch replaces. */
  private static final double REPLACED = 0.01;

  /** Ours saves 1/s, which contains it; the library wants one nevertheless. */
  private static final double ANY_EPSILON = 1e-5;

  private final Cudnn cudnn;
  private final OpSpec.Case spec;
  private final int channels;
  private final int training;
  private final MemorySegment x;
  private final MemorySegment parameters;

  /** The caller closes {@code cudnn} if this fails. */
  CudnnNorm(Cudnn cudnn, OpSpec.Case spec, Layout layout) {
    this.cudnn = cudnn;
    this.spec = spec;
    Shape shape = spec.inputTypes().getFirst().shape();
    channels = shape.dim(1);
    training = layout == Layout.CHANNELS_LAST ? SPATIAL_PERSISTENT : SPATIAL;
    x = cudnn.tensor(shape, layout);
    parameters = cudnn.tensor(Shape.of(1, channels, 1, 1), Layout.CANONICAL);
  }

  @Override
  public void enqueue(List<DeviceFloats> operands, List<DeviceFloats> results) {
    long[] in = operands.stream().mapToLong(DeviceFloats::address).toArray();
    long[] out = results.stream().mapToLong(DeviceFloats::address).toArray();
    long row = (long) Float.BYTES * channels;
    String norm = "cudnnBatchNormalization";
    MemorySegment h = cudnn.handle;
    MemorySegment one = cudnn.one;
    MemorySegment zero = cudnn.zero;
    MemorySegment c = parameters;
    switch (spec.op()) {
      case BatchRenorm op -> {
        norm += "ForwardTraining";
        double e = op.epsilon();
        long saved = out[1];
        long s = saved + row;
        cudnn.call(
            norm, h, training, one, zero, x, in[0], x, out[0], c, in[1], in[2], REPLACED, in[3],
            in[4], e, saved, s);
      }
      case BatchRenormGrad ignored -> {
        norm += "Backward";
        double e = ANY_EPSILON;
        long saved = in[2];
        long s = saved + row;
        cudnn.call(
            norm, h, training, one, zero, one, zero, x, in[0], x, in[3], x, out[0], c, in[1],
            out[1], out[2], e, saved, s);
      }
      case BatchNormInference op -> {
        norm += "ForwardInference";
        double e = op.epsilon();
        cudnn.call(
            norm, h, SPATIAL, one, zero, x, in[0], x, out[0], c, in[1], in[2], in[3], in[4], e);
      }
      default -> throw new IllegalArgumentException("no batch normalization: " + spec);
    }
  }

  @Override
  public int results() {
    return spec.op() instanceof BatchRenormGrad ? spec.resultTypes().size() : 1;
  }

  @Override
  public String description() {
    return cudnn.description();
  }

  @Override
  public void close() {
    cudnn.close();
  }
}
