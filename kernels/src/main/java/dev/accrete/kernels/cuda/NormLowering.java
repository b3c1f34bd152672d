package dev.accrete.kernels.cuda;

import static dev.accrete.kernels.cuda.LoweredNode.rows;

import dev.accrete.core.Shape;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenorm;

/** Normalizations and other sums over a mini-batch. */
final class NormLowering {
  private NormLowering() {}

  /** These kernels have no loop over channels: a thread for each. */
  private static Grid perChannel(int channels) {
    return Grid.blocks(Math.ceilDiv(channels, Grid.THREADS));
  }

  /** Batch norm is batch renorm that keeps r at 1 and d at 0. */
  static void batchNorm(BatchNorm norm, LoweredNode node, boolean relu) {
    int[] limits = {
      Float.floatToRawIntBits(1),
      Float.floatToRawIntBits(0),
      Float.floatToRawIntBits(norm.averaging())
    };
    training(node, norm.epsilon(), node.program().constant(limits), relu);
  }

  static void batchRenorm(BatchRenorm norm, LoweredNode node, boolean relu) {
    training(node, norm.epsilon(), node.flat(5), relu);
  }

  private static void training(LoweredNode node, float epsilon, Buffer limits, boolean relu) {
    Shape shape = node.shape(0);
    int rows = rows(shape);
    int channels = shape.dim(1);
    LoweredNode.Tiling tiling = LoweredNode.tiling(rows);
    Buffer x = node.activation(0);
    Buffer partial = node.scratch(tiling.tiles() * 2 * channels);
    Buffer affine = node.scratch(3 * channels);
    node.launch(
        KernelFile.NORMS,
        "norm_statistics",
        tiling.grid(channels, 1),
        rows,
        channels,
        tiling.rows(),
        x,
        partial);
    node.launch(
        KernelFile.NORMS,
        "norm_finish",
        perChannel(channels),
        rows,
        channels,
        tiling.tiles(),
        epsilon,
        x,
        partial,
        node.flat(1),
        node.flat(2),
        node.flat(3),
        node.flat(4),
        limits,
        node.flatResult(1),
        node.flatResult(2),
        node.flatResult(3),
        affine);
    apply(node, x, affine, relu);
  }

  /** y = (x - mean) * scale + shift. */
  private static void apply(LoweredNode node, Buffer x, Buffer affine, boolean relu) {
    Shape shape = node.shape(0);
    Buffer y = node.activationResult(0);
    node.launch(
        KernelFile.NORMS,
        "norm_apply",
        node.over(shape.size()),
        shape.size(),
        shape.dim(1),
        relu ? 1 : 0,
        x,
        affine,
        y);
    node.program().share(x, y);
  }

  static void inference(BatchNormInference norm, LoweredNode node, boolean relu) {
    int channels = node.shape(0).dim(1);
    Buffer affine = node.scratch(3 * channels);
    node.launch(
        KernelFile.NORMS,
        "norm_fixed",
        perChannel(channels),
        channels,
        norm.epsilon(),
        node.flat(1),
        node.flat(2),
        node.flat(3),
        node.flat(4),
        affine);
    apply(node, node.activation(0), affine, relu);
  }

  static void trainingGrad(LoweredNode node) {
    Shape shape = node.shape(0);
    int rows = rows(shape);
    int channels = shape.dim(1);
    Buffer x = node.activation(0);
    Buffer gamma = node.flat(1);
    Buffer saved = node.flat(2);
    Buffer dy = node.activation(3);
    Buffer inverse = partOfRows(node, saved, channels);
    LoweredNode.Tiling tiling = LoweredNode.tiling(rows);
    Buffer partial = gradSums(node, tiling, x, dy, saved, inverse);
    Buffer affine = node.scratch(3 * channels);
    node.launch(
        KernelFile.NORMS,
        "norm_grad_finish",
        perChannel(channels),
        rows,
        channels,
        tiling.tiles(),
        partial,
        gamma,
        saved,
        node.flatResult(1),
        node.flatResult(2),
        affine);
    Buffer dx = node.activationResult(0);
    node.launch(
        KernelFile.NORMS,
        "norm_grad_apply",
        node.over(shape.size()),
        shape.size(),
        channels,
        x,
        dy,
        saved,
        affine,
        dx);
    node.program().share(dy, dx);
  }

  /** Row 1 of a matrix with {@code channels} columns. */
  private static Buffer partOfRows(LoweredNode node, Buffer rows, int channels) {
    long bytes = (long) Float.BYTES * channels;
    return node.program().part(rows, bytes, bytes);
  }

  private static Buffer gradSums(
      LoweredNode node,
      LoweredNode.Tiling tiling,
      Buffer x,
      Buffer dy,
      Buffer mean,
      Buffer inverse) {
    Shape shape = node.shape(0);
    Buffer partial = node.scratch(tiling.tiles() * 2 * shape.dim(1));
    node.launch(
        KernelFile.NORMS,
        "norm_grad_sums",
        tiling.grid(shape.dim(1), 1),
        rows(shape),
        shape.dim(1),
        tiling.rows(),
        x,
        dy,
        mean,
        inverse,
        partial);
    return partial;
  }

  static void inferenceGrad(BatchNormInferenceGrad norm, LoweredNode node) {
    Shape shape = node.shape(0);
    int channels = shape.dim(1);
    Buffer x = node.activation(0);
    Buffer dy = node.activation(4);
    Buffer scales = node.scratch(2 * channels);
    node.launch(
        KernelFile.NORMS,
        "norm_fixed_scales",
        perChannel(channels),
        channels,
        norm.epsilon(),
        node.flat(1),
        node.flat(3),
        scales);
    LoweredNode.Tiling tiling = LoweredNode.tiling(rows(shape));
    Buffer partial = gradSums(node, tiling, x, dy, node.flat(2), scales);
    node.launch(
        KernelFile.NORMS,
        "norm_fixed_grad_finish",
        perChannel(channels),
        channels,
        tiling.tiles(),
        partial,
        node.flatResult(1),
        node.flatResult(2));
    Buffer dx = node.activationResult(0);
    node.launch(
        KernelFile.NORMS,
        "scale_channels",
        node.over(shape.size()),
        shape.size(),
        channels,
        dy,
        partOfRows(node, scales, channels),
        dx);
    node.program().share(dy, dx);
  }

  static void channelSum(LoweredNode node) {
    Shape shape = node.shape(0);
    int channels = shape.dim(1);
    LoweredNode.Tiling tiling = LoweredNode.tiling(rows(shape));
    Buffer partial = node.scratch(tiling.tiles() * channels);
    node.launch(
        KernelFile.NORMS,
        "channel_sums",
        tiling.grid(channels, 1),
        rows(shape),
        channels,
        tiling.rows(),
        node.activation(0),
        partial);
    MatMulLowering.addParts(node, channels, tiling.tiles(), partial, node.flatResult(0));
  }
}
