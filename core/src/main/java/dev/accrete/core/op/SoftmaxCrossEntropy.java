package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Softmax over the allowed classes and the mean cross-entropy of the labelled rows.
 *
 * <p>Inputs: logits [N, K], labels i32[N], mask [K] (positive = the class takes part; a masked
 * class has probability 0). Results: loss (scalar), probabilities [N, K]. A row with a negative
 * label takes no part in the loss; if no row does, the loss is 0. With label smoothing e and A
 * allowed classes the target is {@code 1 - e + e/A} for the label and {@code e/A} for the other
 * allowed classes. A label at or above K, or of a masked class, makes the loss NaN: callers check
 * labels when data enters.
 */
public record SoftmaxCrossEntropy(float labelSmoothing) implements Op {
  public SoftmaxCrossEntropy {
    Operands.require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "SoftmaxCrossEntropy: label smoothing must be in [0, 1), got " + labelSmoothing);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 3);
    Shape logits = Operands.ranked(this, inputs, 0, "logits", 2);
    Shape labels = Operands.typed(this, inputs, 1, "labels", DType.I32);
    Operands.shape(this, "labels", labels, Shape.of(logits.dim(0)));
    Operands.shape(this, inputs, 2, "mask", Shape.of(logits.dim(1)));
    return List.of(TensorType.f32(Shape.SCALAR), inputs.get(0));
  }
}
