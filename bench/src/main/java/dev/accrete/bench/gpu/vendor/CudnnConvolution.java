package dev.accrete.bench.gpu.vendor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Precision;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.OpSpec;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution or one of its gradients by cuDNN, by the algorithm that its own search finds the
 * fastest.
 */
final class CudnnConvolution implements VendorCall {
  /** Of {@code cudnnConvolutionFwdAlgoPerf_t}; those of the gradients are alike. */
  private static final int FOUND_BYTES = 48;

  private static final int STATUS = 4;
  private static final int WORKSPACE = 16;
  private static final int MATH_TYPE = 28;
  private static final int MOST_FOUND = 16;

  /** Transforms of large images ask for more memory than the images. */
  private static final long LARGEST_WORKSPACE = 4L << 30;

  /** Fp32 may be rounded to TF32. */
  private static final int DEFAULT_MATH = 0;

  /** It may not. */
  private static final int FMA_MATH = 3;

  private final Cudnn cudnn;
  private final Kind kind;
  private final MemorySegment first;
  private final MemorySegment second;
  private final MemorySegment third;
  private final MemorySegment convolution;
  private final int algorithm;
  private final long bytes;
  private final DeviceFloats workspace;

  /**
   * What is computed.
   *
   * @param name as functions of the library contain it
   * @param weights which operand they are; 2 = the result
   * @param first the operand of ours that the library takes first
   * @param second the one that it takes then
   */
  private record Kind(String name, Conv2d op, int weights, int first, int second) {
    static Kind of(Op op) {
      return switch (op) {
        case Conv2d forward -> new Kind("Forward", forward, 1, 0, 1);
        // Ours takes dy before the weights.
        case Conv2dInputGrad grad -> new Kind("BackwardData", grad.conv(), 1, 1, 0);
        case Conv2dWeightGrad grad -> new Kind("BackwardFilter", grad.conv(), 2, 0, 1);
        default -> throw new IllegalArgumentException("no convolution: " + op);
      };
    }
  }

  /** The caller closes {@code cudnn} if this fails. */
  CudnnConvolution(Cudnn cudnn, OpSpec.Case spec, Precision precision, Layout layout) {
    this.cudnn = cudnn;
    kind = Kind.of(spec.op());
    List<TensorType> types = new ArrayList<>(spec.inputTypes());
    types.addAll(spec.resultTypes());
    List<MemorySegment> all = new ArrayList<>();
    for (TensorType type : types) {
      boolean weights = all.size() == kind.weights();
      all.add(weights ? cudnn.filter(type.shape(), layout) : cudnn.tensor(type.shape(), layout));
    }
    first = all.get(kind.first());
    second = all.get(kind.second());
    third = all.get(2);
    convolution = cudnn.convolution(kind.op());
    int allowed = precision == Precision.FP32 ? FMA_MATH : DEFAULT_MATH;
    cudnn.call("cudnnSetConvolutionMathType", convolution, allowed);
    MemorySegment found = fastest(allowed);
    algorithm = found.get(JAVA_INT, 0);
    bytes = found.get(JAVA_LONG, WORKSPACE);
    cudnn.call("cudnnSetConvolutionMathType", convolution, found.get(JAVA_INT, MATH_TYPE));
    workspace = cudnn.owned.add(new DeviceFloats((int) Math.ceilDiv(bytes + 1, Float.BYTES)));
  }

  /** The search times what it finds, on memory of its own, and lists the fastest first. */
  private MemorySegment fastest(int allowed) {
    String search = "cudnnFindConvolution" + kind.name() + "Algorithm";
    MemorySegment h = cudnn.handle;
    MemorySegment count = cudnn.owned.arena().allocate(JAVA_INT);
    MemorySegment found = cudnn.owned.arena().allocate((long) FOUND_BYTES * MOST_FOUND, Long.BYTES);
    cudnn.call(search, h, first, second, convolution, third, MOST_FOUND, count, found);
    for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
      MemorySegment one = found.asSlice((long) FOUND_BYTES * i, FOUND_BYTES);
      // It tries the default too, whatever was asked for.
      boolean precise = allowed != FMA_MATH || one.get(JAVA_INT, MATH_TYPE) == FMA_MATH;
      boolean fits = one.get(JAVA_LONG, WORKSPACE) <= LARGEST_WORKSPACE;
      if (one.get(JAVA_INT, STATUS) == 0 && precise && fits) {
        return one;
      }
    }
    throw new AccreteException(search + " found no algorithm");
  }

  @Override
  public void enqueue(List<DeviceFloats> operands, List<DeviceFloats> results) {
    String call = "cudnnConvolution" + kind.name();
    MemorySegment h = cudnn.handle;
    MemorySegment one = cudnn.one;
    MemorySegment zero = cudnn.zero;
    MemorySegment conv = convolution;
    long a = operands.get(kind.first()).address();
    long b = operands.get(kind.second()).address();
    long c = results.getFirst().address();
    long space = workspace.address();
    int how = algorithm;
    cudnn.call(call, h, one, first, a, second, b, conv, how, space, bytes, zero, third, c);
  }

  @Override
  public String description() {
    return cudnn.description() + ", algorithm " + algorithm;
  }

  @Override
  public void close() {
    cudnn.close();
  }
}
