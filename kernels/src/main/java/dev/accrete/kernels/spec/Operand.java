package dev.accrete.kernels.spec;

import dev.accrete.core.TensorType;

/**
 * One operand of a case.
 *
 * @param name what the op's documentation calls it
 * @param differentiable whether the op's first result is a smooth function of it at generated
 *     values, so that a numeric gradient must agree with {@link dev.accrete.core.Autodiff}
 */
public record Operand(String name, TensorType type, Generator generator, boolean differentiable) {
  /** An operand no gradient is checked for. */
  public static Operand of(String name, TensorType type, Generator generator) {
    return new Operand(name, type, generator, false);
  }

  /** An operand a gradient is checked for. */
  public static Operand smooth(String name, TensorType type, Generator generator) {
    return new Operand(name, type, generator, true);
  }
}
