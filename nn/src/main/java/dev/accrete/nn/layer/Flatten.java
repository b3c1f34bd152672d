package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Reshape;

/** C x H x W becomes features, channel by channel. */
public record Flatten(String name) implements Layer {
  @Override
  public Shape declare(Declarations declarations, Shape input) {
    return Shape.of(input.size());
  }

  @Override
  public Value forward(Scope scope, Value x) {
    Shape shape = x.type().shape();
    return scope.apply(new Reshape(Shape.of(shape.dim(0), shape.size() / shape.dim(0))), x);
  }
}
