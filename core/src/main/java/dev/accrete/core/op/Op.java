package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/**
 * One operation on tensors, without its operands: a pure function of its inputs.
 *
 * <p>The family is sealed: a backend is a {@code switch} over it, and a backend that forgets a case
 * does not compile. To add an op, write its record here, its rule in {@link
 * dev.accrete.core.Autodiff}, its loops in the reference backend, and one spec; the compiler lists
 * the rest.
 */
public sealed interface Op
    permits Add,
        AddBias,
        BatchNorm,
        BatchNormInference,
        BatchNormInferenceGrad,
        BatchRenorm,
        BatchRenormGrad,
        ChannelMoments,
        ChannelSum,
        CholeskyFactor,
        ConsolidateHead,
        Conv2d,
        Conv2dInputGrad,
        Conv2dWeightGrad,
        Dropout,
        Fill,
        GatherLatents,
        GlobalAveragePool,
        GlobalAveragePoolGrad,
        LoadHead,
        LocalResponseNorm,
        LocalResponseNormGrad,
        MatMul,
        NormalizeImage,
        PackSelected,
        Pointwise,
        PointwiseGrad,
        Pool2d,
        Pool2dGrad,
        Reshape,
        ScatterLatents,
        SelectParameters,
        SgdSynaptic,
        SoftmaxCrossEntropy,
        SoftmaxCrossEntropyGrad,
        SparseSgdSynaptic,
        SymmetricUpdate,
        SynapticImportance,
        TriangularSolve,
        UnpackSelected {

  /**
   * The types of the results for operands of these types.
   *
   * @throws IllegalArgumentException if the operands do not fit, naming op, operand and remedy
   */
  List<TensorType> infer(List<TensorType> inputs);

  /** Multiply-accumulates of one execution; 0 for ops whose cost is moving memory. */
  default long macs(List<TensorType> inputs) {
    return 0;
  }

  /**
   * Which input result {@code output} may overwrite element by element, or -1 if none. A backend
   * must give the same values whether or not the two share memory.
   */
  default int inPlaceInput(int output) {
    return -1;
  }

  /** The op's name as errors, profiles and reports show it. */
  default String name() {
    return getClass().getSimpleName();
  }
}
