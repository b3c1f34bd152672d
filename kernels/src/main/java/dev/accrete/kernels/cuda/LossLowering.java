package dev.accrete.kernels.cuda;

import dev.accrete.core.Shape;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;

/** Softmax cross-entropy. */
final class LossLowering {
  /** A warp per row. */
  private static final int ROWS_PER_BLOCK = Grid.THREADS / 32;

  private LossLowering() {}

  static void forward(SoftmaxCrossEntropy loss, LoweredNode node) {
    Shape logits = node.shape(0);
    Buffer labels = node.flat(1);
    Buffer losses = node.scratch(logits.dim(0));
    node.launch(
        KernelFile.LOSSES,
        "softmax_rows",
        Grid.blocks(Math.ceilDiv(logits.dim(0), ROWS_PER_BLOCK)),
        logits.dim(0),
        logits.dim(1),
        loss.labelSmoothing(),
        node.flat(0),
        labels,
        node.flat(2),
        node.flatResult(1),
        losses);
    node.launch(
        KernelFile.LOSSES,
        "mean_loss",
        Grid.blocks(1),
        logits.dim(0),
        labels,
        losses,
        node.flatResult(0));
  }

  static void backward(SoftmaxCrossEntropyGrad loss, LoweredNode node) {
    Shape shape = node.shape(0);
    Buffer probabilities = node.flat(0);
    Buffer dlogits = node.flatResult(0);
    node.launch(
        KernelFile.LOSSES,
        "softmax_grad",
        Grid.blocks(Math.ceilDiv(shape.dim(0), ROWS_PER_BLOCK)),
        shape.dim(0),
        shape.dim(1),
        loss.labelSmoothing(),
        probabilities,
        node.flat(1),
        node.flat(2),
        node.flat(3),
        dlogits);
    node.program().share(probabilities, dlogits);
  }
}
