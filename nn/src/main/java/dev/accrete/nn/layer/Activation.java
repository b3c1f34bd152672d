package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;

/** A function of every element by itself. */
public record Activation(String name, PointFunction function) implements Layer {
  /** {@code max(x, 0)}. */
  public static Activation relu(String name) {
    return new Activation(name, PointFunction.RELU);
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    return input;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(new Pointwise(function), x);
  }
}
