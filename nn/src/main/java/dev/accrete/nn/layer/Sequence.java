package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.PointFunction;
import java.util.List;

/** Layers one after the other, under one name; without any, what comes in goes out. */
public record Sequence(String name, List<Layer> layers) implements Layer {
  public Sequence {
    layers = List.copyOf(layers);
  }

  /** Layers one after the other. */
  public static Sequence of(String name, Layer... layers) {
    return new Sequence(name, List.of(layers));
  }

  /** A convolution, its normalization and a ReLU: the brick of MobileNets. */
  public static Sequence normalized(Convolution convolution) {
    return normalized(convolution, PointFunction.RELU);
  }

  /** A convolution, its normalization and a function. */
  public static Sequence normalized(Convolution convolution, PointFunction function) {
    String name = convolution.name();
    return of(name, convolution, Norm.of(name), new Activation(name, function));
  }

  /** A convolution and its normalization: what a residual block ends with. */
  public static Sequence linear(Convolution convolution) {
    return of(convolution.name(), convolution, Norm.of(convolution.name()));
  }

  /** A linear or convolutional layer, a bias and a ReLU: the brick of older networks. */
  public static Sequence biased(Layer layer) {
    return of(layer.name(), layer, new Bias(layer.name()), Activation.relu(layer.name()));
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.declare(declarations, shape);
    }
    return shape;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    Value value = x;
    for (Layer layer : layers) {
      value = layer.forward(scope, value);
    }
    return value;
  }
}
