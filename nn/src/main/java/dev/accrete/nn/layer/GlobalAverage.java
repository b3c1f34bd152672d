package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.GlobalAveragePool;

/** The mean of every plane: C x H x W becomes C features. */
public record GlobalAverage(String name) implements Layer {
  @Override
  public Shape declare(Declarations declarations, Shape input) {
    if (input.rank() != 3) {
      throw new IllegalArgumentException(name + ": pooling needs planes, got samples of " + input);
    }
    return Shape.of(input.dim(0));
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(new GlobalAveragePool(), x);
  }
}
