package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** A tensor of one repeated number. No inputs. */
public record Fill(float value, Shape shape) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 0);
    return List.of(TensorType.f32(shape));
  }
}
