package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;

/** {@code max(x, 0)}. */
public record Relu(String name) implements Layer {
  @Override
  public Shape declare(Declarations declarations, Shape input) {
    return input;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(new dev.accrete.core.op.Relu(), x);
  }
}
