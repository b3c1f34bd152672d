package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;

/**
 * A body and a shortcut around it, added up: {@code body(x) + shortcut(x)} (He et al., "Deep
 * Residual Learning for Image Recognition", CVPR 2016). A function of the sum, as ResNets have it,
 * is a layer behind this one.
 *
 * @param shortcut a projection to the shape of the body's result, or a {@link Sequence} of no
 *     layers where the body keeps the shape
 */
public record Residual(String name, Layer body, Layer shortcut) implements Layer {
  /** {@code body(x) + x}. */
  public static Residual of(String name, Layer body) {
    return new Residual(name, body, Sequence.of(name + "/shortcut"));
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    String entering = declarations.source();
    Shape result = body.declare(declarations, input);
    String leaving = declarations.source();
    declarations.source(entering);
    Shape passed = shortcut.declare(declarations, input);
    declarations.source(leaving);
    if (!passed.equals(result)) {
      throw new IllegalArgumentException(
          name
              + ": the body turns samples of "
              + input
              + " into "
              + result
              + ", its shortcut into "
              + passed
              + "; give it a projection as shortcut");
    }
    return result;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(new Add(), body.forward(scope, x), shortcut.forward(scope, x));
  }
}
