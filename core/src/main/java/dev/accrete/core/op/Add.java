package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/** The sum of two tensors of one shape. */
public record Add() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Operands.shape(this, inputs, 1, "b", Operands.f32(this, inputs, 0, "a"));
    return List.of(inputs.get(0));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
