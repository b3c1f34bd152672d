/**
 * The Vector API backend. Four-dimensional activations are blocked NCHW16c: element (n, c, h, w)
 * lies at {@code ((n * CB + c / 16) * H * W + h * W + w) * 16 + c % 16} with {@code CB = ceil(C /
 * 16)}; lanes beyond C are zero. Images of fewer than 8 channels are planar, everything else is
 * canonical.
 *
 * <h2>Where things are</h2>
 *
 * <dl>
 *   <dt>From a graph to a plan
 *   <dd>{@code VectorBackend}, {@code VectorPlan}, {@code VectorStore}; {@code Lowering} turns
 *       nodes into {@code Instruction}s of a {@code Program}, with {@code ConvolutionLowering},
 *       {@code MapLowering} and {@code GradientLowering} for what fuses ({@code Uses} tells who
 *       needs a value); {@code Layout}, {@code Operand} and {@code Mapped} say where a value lies.
 *   <dt>Running it
 *   <dd>{@code Step}, {@code TileBody} and {@code TileRunner} on the {@code WorkerPool}; {@code
 *       Arena}, {@code Scratch}, {@code Clock}, {@code Profile}.
 *   <dt>Convolutions
 *   <dd>{@code Convolutions} chooses a {@code Convolution}: {@code DepthwiseConvolution}, {@code
 *       PlanarConvolution} for the first layer, {@code PatchConvolution} for all others, of which
 *       {@code PointRows} (1x1), {@code BlockedPatches} and {@code LoosePatches} gather the
 *       operands. {@code PatchProduct} and {@code PatchWeightGradient} multiply; {@code
 *       PointGradients} and {@code DepthwiseGradients} make both gradients in one pass.
 *   <dt>Inner loops
 *   <dd>{@code ProductKernels}, {@code OuterKernels}, {@code PlanarKernels}, {@code
 *       DepthwiseKernels} with {@code Correlation3x3} and {@code Gradient3x3}; all in {@code
 *       Lanes}, the vector width; {@code Gemm} for plain matrices.
 *   <dt>What a kernel loads and leaves behind
 *   <dd>{@code Source} is a tensor, or a function of tensors computed while it is loaded ({@code
 *       ChannelAffine}, {@code NormGradient}, {@code StoredGradient}); {@code Epilogue} adds up
 *       what a normalization needs while a tile is in the cache ({@code ChannelStatistics}, {@code
 *       GradientSums}). {@code NormForward} and {@code NormRules} hold the arithmetic per channel.
 *   <dt>Everything else
 *   <dd>{@code Elements}, {@code Planes}, {@code Pooling}, {@code LocalResponse}, {@code Images},
 *       {@code Dropouts}, {@code CrossEntropy}, {@code Copies}, {@code Updates}, {@code
 *       Consolidation}.
 * </dl>
 *
 * <p>What each of these won, and what was tried and lost, is in {@code docs/performance.md}.
 */
@NullMarked
package dev.accrete.kernels.vector;

import org.jspecify.annotations.NullMarked;
