package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The gradient of {@link SoftmaxCrossEntropy}'s loss with respect to the logits. Inputs:
 * probabilities [N, K], labels i32[N], mask [K], dloss (scalar). Result: dlogits = dloss *
 * (probabilities - target) / (number of labelled rows), 0 in unlabelled rows and masked classes.
 */
public record SoftmaxCrossEntropyGrad(float labelSmoothing) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 4);
    Shape probabilities = Operands.ranked(this, inputs, 0, "probabilities", 2);
    Shape labels = Operands.typed(this, inputs, 1, "labels", DType.I32);
    Operands.shape(this, "labels", labels, Shape.of(probabilities.dim(0)));
    Operands.shape(this, inputs, 2, "mask", Shape.of(probabilities.dim(1)));
    Operands.shape(this, inputs, 3, "dloss", Shape.SCALAR);
    return List.of(inputs.get(0));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
