package dev.accrete.core.op;

import dev.accrete.core.TensorType;
import java.util.List;

/** A function of every element by itself. Input: x of any shape. Result: as x; NaN stays NaN. */
public record Pointwise(PointFunction function) implements Op {
  /** {@code max(x, 0)}, which backends fuse into what comes before it. */
  public static final Pointwise RELU = new Pointwise(PointFunction.RELU);

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    return List.of(TensorType.f32(Operands.f32(this, inputs, 0, "x")));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }

  /** The function's label. */
  @Override
  public String name() {
    return function.label();
  }
}
