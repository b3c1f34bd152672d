package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Inverted dropout with a counter-based mask. Inputs: x of any shape, key i32[4]. Result: as x.
 *
 * <p>Element i (canonical row-major index) is zeroed if {@code word(i) >>> 8 < rate * 2^24}, else
 * divided by {@code 1 - rate}, where {@code word(i)} is {@link dev.accrete.core.Rng#wordAt} of seed
 * (key[0] low, key[1] high), stream (key[2] low, key[3] high) and index i. The mask is a pure
 * function of the key, so the gradient is the same op applied to dy.
 */
public record Dropout(float rate) implements Op {
  public Dropout {
    Operands.require(rate >= 0 && rate < 1, "Dropout: rate must be in [0, 1), got " + rate);
  }

  /** An element is zeroed if the upper 24 bits of its random word are below this. */
  public int threshold() {
    return Math.round(rate * (1 << 24));
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Operands.f32(this, inputs, 0, "x");
    Operands.shape(this, "key", Operands.typed(this, inputs, 1, "key", DType.I32), Shape.of(4));
    return List.of(inputs.get(0));
  }

  @Override
  public int inPlaceInput(int output) {
    return 0;
  }
}
