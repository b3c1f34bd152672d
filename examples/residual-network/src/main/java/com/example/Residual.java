package com.example;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Norm;
import dev.accrete.nn.layer.Relu;
import dev.accrete.nn.layer.Scope;
import dev.accrete.nn.layer.Sequence;

/** A layer of its own: {@code x + body(x)} (He et al. 2016). Its gradient follows from the ops. */
record Residual(String name, Sequence body) implements Layer {
  /** Two normalized 3x3 convolutions that keep channels and extents. */
  static Residual of(String name, int channels) {
    String last = name + "/conv2";
    return new Residual(
        name,
        Sequence.of(
            name,
            Sequence.normalized(Convolution.of(name + "/conv1", channels, 3, 1, 1)),
            Convolution.of(last, channels, 3, 1, 1),
            Norm.of(last)));
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
    return new Relu(name).forward(scope, sum);
  }
}
