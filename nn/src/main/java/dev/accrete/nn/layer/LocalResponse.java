package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.LocalResponseNorm;

/** Local response normalization across channels. */
public record LocalResponse(String name, LocalResponseNorm op) implements Layer {
  /** The settings of AlexNet in Caffe: 5 channels, alpha 1e-4, beta 0.75, k 1. */
  public static LocalResponse caffe(String name) {
    return new LocalResponse(name, new LocalResponseNorm(5, 1e-4f, 0.75f, 1f));
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    return input;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(op, x);
  }
}
