package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Pool2d;

/** Maximum or average over windows; see {@link Pool2d} for extents and padding. */
public record Pool(String name, Pool2d op) implements Layer {
  /** The maximum over square windows; extents are rounded up, as Caffe does, if {@code ceil}. */
  public static Pool max(String name, int kernel, int stride, boolean ceil) {
    return new Pool(name, new Pool2d(Pool2d.Kind.MAX, kernel, stride, 0, ceil));
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    if (input.rank() != 3) {
      throw new IllegalArgumentException(name + ": pooling needs planes, got samples of " + input);
    }
    Shape result = op.outputShape(Shape.of(1, input.dim(0), input.dim(1), input.dim(2)));
    return Shape.of(input.dim(0), result.dim(2), result.dim(3));
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(op, x);
  }
}
