package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * The classifier an experience starts from (CWR*): the consolidated row of each class present, 0
 * for the others. Inputs: bank [K, D], present [K] (positive = present). Result: weights [K, D].
 */
public record LoadHead() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape bank = Operands.ranked(this, inputs, 0, "bank", 2);
    Operands.shape(this, inputs, 1, "present", Shape.of(bank.dim(0)));
    return List.of(inputs.get(0));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
