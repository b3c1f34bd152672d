package dev.accrete.nn.layer;

import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.MatMul;

/**
 * A fully connected layer without bias (see {@link Bias}). Parameter: {@code <name>.weight} of
 * shape outputs x inputs.
 *
 * @param role {@link Role#LINEAR}, or {@link Role#HEAD} for the classifier
 */
public record Linear(String name, int outputs, Role role) implements Layer {
  /** A layer below the classifier. */
  public static Linear of(String name, int outputs) {
    return new Linear(name, outputs, Role.LINEAR);
  }

  /** The classifier. */
  public static Linear head(String name, int classes) {
    return new Linear(name, classes, Role.HEAD);
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    if (input.rank() != 1) {
      throw new IllegalArgumentException(
          name + ": a linear layer needs flat samples, got " + input + "; put a Flatten before it");
    }
    int inputs = input.dim(0);
    declarations.parameter(name + ".weight", role, Shape.of(outputs, inputs), inputs);
    return Shape.of(outputs);
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return scope.apply(new MatMul(false, true), x, scope.parameter(name + ".weight"));
  }
}
