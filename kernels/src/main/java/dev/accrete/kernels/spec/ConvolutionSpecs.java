package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import java.util.ArrayList;
import java.util.List;

/** Convolutions, their gradients and products of matrices. */
final class ConvolutionSpecs {
  /** A convolution and its operands' shapes, from which the three specs are made. */
  record Convolution(Conv2d op, Shape x, Shape weight) {
    /** {@code filters} of {@code kernel} x {@code kernel} over an image. */
    static Convolution of(Shape x, int filters, int kernel, int stride, int pad) {
      return new Convolution(
          Conv2d.of(stride, pad), x, Shape.of(filters, x.dim(1), kernel, kernel));
    }

    static Convolution grouped(Shape x, int filters, int kernel, int stride, int pad, int groups) {
      return new Convolution(
          new Conv2d(stride, stride, pad, pad, groups),
          x,
          Shape.of(filters, x.dim(1) / groups, kernel, kernel));
    }

    static Convolution depthwise(Shape x, int kernel, int stride, int pad) {
      return grouped(x, x.dim(1), kernel, stride, pad, x.dim(1));
    }

    Shape y() {
      return op.outputShape(x, weight);
    }

    OpSpec.Case forward() {
      int terms = weight.size() / weight.dim(0);
      return OpSpec.Case.of(
          op,
          Tolerance.sum(terms, 1),
          "",
          Operand.smooth("x", TensorType.f32(x), Generator.uniform()),
          Operand.smooth("weight", TensorType.f32(weight), Generator.uniform()));
    }

    OpSpec.Case inputGrad() {
      int terms = weight.size() / weight.dim(1) / op.groups();
      return OpSpec.Case.of(
          new Conv2dInputGrad(op, x),
          Tolerance.sum(terms, 1),
          "",
          Operand.of("dy", TensorType.f32(y()), Generator.uniform()),
          Operand.of("weight", TensorType.f32(weight), Generator.uniform()));
    }

    OpSpec.Case weightGrad() {
      int terms = y().size() / y().dim(1);
      return OpSpec.Case.of(
          new Conv2dWeightGrad(op, weight),
          Tolerance.sum(terms, 1),
          "",
          Operand.of("x", TensorType.f32(x), Generator.uniform()),
          Operand.of("dy", TensorType.f32(y()), Generator.uniform()));
    }
  }

  private ConvolutionSpecs() {}

  static List<OpSpec> all() {
    List<Convolution> cases = new ArrayList<>(pointwise());
    cases.addAll(spatial());
    cases.addAll(grouped());
    cases.addAll(depthwise());
    List<Convolution> benchmarks = benchmarks();
    return List.of(
        new OpSpec(
            Conv2d.class,
            cases.stream().map(Convolution::forward).toList(),
            benchmarks.stream().map(Convolution::forward).toList()),
        new OpSpec(
            Conv2dInputGrad.class,
            cases.stream().map(Convolution::inputGrad).toList(),
            benchmarks.stream().map(Convolution::inputGrad).toList()),
        new OpSpec(
            Conv2dWeightGrad.class,
            cases.stream().map(Convolution::weightGrad).toList(),
            benchmarks.stream().map(Convolution::weightGrad).toList()),
        products());
  }

  private static List<Convolution> pointwise() {
    return List.of(
        Convolution.of(Shape.of(1, 1, 1, 1), 1, 1, 1, 0),
        Convolution.of(Shape.of(3, 5, 7, 9), 17, 1, 1, 0),
        Convolution.of(Shape.of(2, 33, 6, 5), 17, 1, 1, 0),
        Convolution.of(Shape.of(1, 32, 8, 8), 64, 1, 1, 0),
        Convolution.of(Shape.of(7, 17, 4, 6), 33, 1, 1, 0),
        Convolution.of(Shape.of(2, 128, 4, 4), 96, 1, 1, 0),
        Convolution.of(Shape.of(5, 48, 1, 1), 50, 1, 1, 0),
        Convolution.of(Shape.of(2, 16, 7, 10), 32, 1, 2, 0),
        Convolution.of(Shape.of(1, 3, 4, 5), 5, 1, 1, 1));
  }

  private static List<Convolution> spatial() {
    return List.of(
        Convolution.of(Shape.of(3, 3, 9, 11), 16, 3, 1, 1),
        Convolution.of(Shape.of(2, 3, 32, 32), 32, 3, 2, 1),
        Convolution.of(Shape.of(7, 3, 13, 8), 8, 3, 2, 1),
        Convolution.of(Shape.of(1, 17, 6, 7), 5, 3, 1, 0),
        Convolution.of(Shape.of(2, 5, 8, 8), 33, 3, 2, 1),
        Convolution.of(Shape.of(1, 32, 6, 6), 32, 3, 1, 1),
        Convolution.of(Shape.of(5, 48, 9, 11), 32, 3, 1, 1),
        Convolution.of(Shape.of(1, 3, 5, 4), 4, 3, 1, 2),
        Convolution.of(Shape.of(1, 3, 31, 35), 9, 11, 4, 0),
        Convolution.of(Shape.of(3, 7, 4, 4), 10, 4, 1, 0),
        Convolution.of(Shape.of(2, 4, 5, 5), 6, 2, 2, 0),
        new Convolution(new Conv2d(2, 1, 0, 1, 1), Shape.of(2, 6, 7, 5), Shape.of(9, 6, 1, 3)),
        new Convolution(new Conv2d(1, 3, 2, 0, 1), Shape.of(1, 2, 4, 8), Shape.of(3, 2, 5, 2)));
  }

  private static List<Convolution> grouped() {
    return List.of(
        Convolution.grouped(Shape.of(2, 16, 9, 8), 24, 5, 1, 2, 2),
        Convolution.grouped(Shape.of(1, 34, 5, 6), 6, 3, 1, 1, 2),
        Convolution.grouped(Shape.of(3, 64, 4, 4), 32, 3, 1, 1, 2),
        Convolution.grouped(Shape.of(8, 96, 8, 7), 64, 5, 1, 2, 2),
        Convolution.grouped(Shape.of(2, 6, 7, 7), 12, 3, 2, 1, 6),
        Convolution.grouped(Shape.of(1, 9, 4, 5), 15, 1, 1, 0, 3));
  }

  private static List<Convolution> depthwise() {
    return List.of(
        Convolution.depthwise(Shape.of(1, 1, 5, 5), 3, 1, 1),
        Convolution.depthwise(Shape.of(3, 3, 6, 9), 3, 1, 1),
        Convolution.depthwise(Shape.of(7, 5, 8, 7), 3, 2, 1),
        Convolution.depthwise(Shape.of(2, 17, 7, 6), 3, 1, 1),
        Convolution.depthwise(Shape.of(2, 33, 9, 8), 3, 2, 1),
        Convolution.depthwise(Shape.of(1, 64, 8, 8), 3, 1, 1),
        Convolution.depthwise(Shape.of(2, 32, 16, 16), 3, 2, 1),
        Convolution.depthwise(Shape.of(3, 48, 2, 2), 3, 1, 1),
        Convolution.depthwise(Shape.of(2, 16, 1, 1), 3, 1, 1),
        Convolution.depthwise(Shape.of(1, 20, 4, 17), 3, 1, 0),
        Convolution.depthwise(Shape.of(2, 17, 5, 1), 3, 1, 1),
        Convolution.depthwise(Shape.of(1, 5, 9, 9), 5, 1, 2),
        Convolution.depthwise(Shape.of(1, 17, 8, 6), 5, 2, 0));
  }

  /** MobileNetV1 1.0 and CaffeNet at 128 px. */
  private static List<Convolution> benchmarks() {
    return List.of(
        Convolution.of(Shape.of(32, 3, 128, 128), 32, 3, 2, 1),
        Convolution.of(Shape.of(32, 32, 64, 64), 64, 1, 1, 0),
        Convolution.of(Shape.of(32, 128, 32, 32), 128, 1, 1, 0),
        Convolution.of(Shape.of(32, 256, 16, 16), 256, 1, 1, 0),
        Convolution.of(Shape.of(32, 512, 8, 8), 512, 1, 1, 0),
        Convolution.of(Shape.of(32, 1024, 4, 4), 1024, 1, 1, 0),
        Convolution.of(Shape.of(32, 3, 128, 128), 96, 11, 4, 0),
        Convolution.grouped(Shape.of(32, 96, 15, 15), 256, 5, 1, 2, 2),
        Convolution.of(Shape.of(32, 256, 7, 7), 384, 3, 1, 1),
        Convolution.depthwise(Shape.of(32, 32, 64, 64), 3, 1, 1),
        Convolution.depthwise(Shape.of(32, 64, 64, 64), 3, 2, 1),
        Convolution.depthwise(Shape.of(32, 512, 8, 8), 3, 1, 1));
  }

  private static OpSpec products() {
    int[][] sizes = {{1, 1, 1}, {3, 17, 5}, {33, 5, 64}, {7, 1, 9}, {64, 100, 50}, {1, 129, 33}};
    List<OpSpec.Case> cases = new ArrayList<>();
    for (int[] size : sizes) {
      for (boolean transposeA : List.of(false, true)) {
        for (boolean transposeB : List.of(false, true)) {
          cases.add(product(new MatMul(transposeA, transposeB), size[0], size[1], size[2]));
        }
      }
    }
    return new OpSpec(
        MatMul.class,
        cases,
        List.of(
            product(new MatMul(false, true), 128, 1024, 50),
            product(new MatMul(false, false), 512, 512, 512)));
  }

  static OpSpec.Case product(MatMul op, int m, int k, int n) {
    TensorType a = op.transposeA() ? TensorType.f32(k, m) : TensorType.f32(m, k);
    TensorType b = op.transposeB() ? TensorType.f32(n, k) : TensorType.f32(k, n);
    return OpSpec.Case.of(
        op,
        Tolerance.sum(k, 1),
        "",
        Operand.smooth("a", a, Generator.uniform()),
        Operand.smooth("b", b, Generator.uniform()));
  }
}
