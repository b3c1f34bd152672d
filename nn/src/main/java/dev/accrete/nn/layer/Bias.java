package dev.accrete.nn.layer;

import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.AddBias;

/** Adds one trained number per channel. Parameter: {@code <name>.bias}. */
public record Bias(String name) implements Layer {
  @Override
  public Shape declare(Declarations declarations, Shape input) {
    declarations.parameter(name + ".bias", Role.BIAS, Shape.of(input.dim(0)), 0);
    return input;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(new AddBias(), x, scope.parameter(name + ".bias"));
  }
}
