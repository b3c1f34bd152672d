package com.example;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Scope;
import dev.accrete.nn.layer.Sequence;

/**
 * A layer of its own: {@code max(x + body(x), 0)} (He et al. 2016). Its gradient follows from the
 * ops. The library has such a layer too, and makes it in the same way.
 */
record Residual(String name, Sequence body) implements Layer {
  /** Two normalized 3x3 convolutions that keep channels and extents. */
  static Residual of(String name, int channels) {
    return new Residual(
        name,
        Sequence.of(
            name,
            Sequence.normalized(Convolution.of(name + "/conv1", channels, 3, 1, 1)),
            Sequence.linear(Convolution.of(name + "/conv2", channels, 3, 1, 1))));
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    Shape result = body.declare(declarations, input);
    if (!result.equals(input)) {
      throw new IllegalArgumentException(
          name + ": the body turns " + input + " into " + result + "; it must keep the shape");
    }
    return result;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    Value sum = scope.apply(new Add(), x, body.forward(scope, x));
    return Activation.relu(name).forward(scope, sum);
  }
}
