package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** Checks of operands, shared by the ops' shape inference. */
final class Operands {
  private Operands() {}

  static void count(Op op, List<TensorType> inputs, int expected) {
    if (inputs.size() != expected) {
      throw new IllegalArgumentException(
          op.name() + " takes " + expected + " inputs, got " + inputs.size() + ": " + inputs);
    }
  }

  static Shape ranked(Op op, List<TensorType> inputs, int index, String operand, int rank) {
    Shape shape = f32(op, inputs, index, operand);
    if (shape.rank() != rank) {
      throw new IllegalArgumentException(
          op.name() + ": " + operand + " must have rank " + rank + ", has shape " + shape);
    }
    return shape;
  }

  static Shape f32(Op op, List<TensorType> inputs, int index, String operand) {
    return typed(op, inputs, index, operand, DType.F32);
  }

  static Shape typed(Op op, List<TensorType> inputs, int index, String operand, DType dtype) {
    TensorType type = inputs.get(index);
    if (type.dtype() != dtype) {
      throw new IllegalArgumentException(
          op.name() + ": " + operand + " must be " + dtype + ", is " + type);
    }
    return type.shape();
  }

  static void shape(Op op, List<TensorType> inputs, int index, String operand, Shape expected) {
    shape(op, operand, f32(op, inputs, index, operand), expected);
  }

  static void shape(Op op, String operand, Shape actual, Shape expected) {
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          op.name() + ": " + operand + " must have shape " + expected + ", has " + actual);
    }
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
