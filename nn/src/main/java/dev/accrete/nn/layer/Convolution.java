package dev.accrete.nn.layer;

import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Conv2d;

/**
 * A square convolution without bias (see {@link Bias}). Parameter: {@code <name>.weight} of shape
 * channels x (input channels / groups) x kernel x kernel.
 *
 * @param channels output channels
 */
public record Convolution(String name, int channels, int kernel, int stride, int pad, int groups)
    implements Layer {

  /** A convolution with one group. */
  public static Convolution of(String name, int channels, int kernel, int stride, int pad) {
    return new Convolution(name, channels, kernel, stride, pad, 1);
  }

  /** A 3x3 depthwise convolution that keeps extents, or halves them if stride is 2. */
  public static Convolution depthwise(String name, int channels, int stride) {
    return new Convolution(name, channels, 3, stride, 1, channels);
  }

  /** A 1x1 convolution. */
  public static Convolution pointwise(String name, int channels) {
    return of(name, channels, 1, 1, 0);
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    if (input.rank() != 3 || input.dim(0) % groups != 0) {
      throw new IllegalArgumentException(
          name
              + ": a convolution in "
              + groups
              + " groups cannot follow samples of shape "
              + input);
    }
    int inputs = input.dim(0) / groups;
    Role role = groups > 1 && inputs == 1 ? Role.DEPTHWISE : Role.CONVOLUTION;
    Shape weight = Shape.of(channels, inputs, kernel, kernel);
    declarations.parameter(name + ".weight", role, weight, inputs * kernel * kernel);
    Shape one = Shape.of(1, input.dim(0), input.dim(1), input.dim(2));
    Shape result = op().outputShape(one, weight);
    return Shape.of(channels, result.dim(2), result.dim(3));
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(op(), x, scope.parameter(name + ".weight"));
  }

  private Conv2d op() {
    return new Conv2d(stride, stride, pad, pad, groups);
  }
}
