package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;

/** Zeroes a random part of the elements while training; the identity otherwise. */
public record Dropout(String name, float rate) implements Layer {
  @Override
  public Shape declare(Declarations declarations, Shape input) {
    return input;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope
        .dropoutKey(name)
        .map(key -> scope.apply(new dev.accrete.core.op.Dropout(rate), x, key))
        .orElse(x);
  }
}
