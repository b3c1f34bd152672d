package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every function of one element: the list of functions is that of {@link PointFunction}. */
final class PointwiseSpecs {
  /** Wide enough for every piece of every function; kinks lie at whole numbers. */
  private static final int WIDEST = 5;

  /** Zeros, the smallest numbers, kinks, and where exponentials leave the range of fp32. */
  private static final double[] EXTREMES = {
    0,
    -0.0,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-6,
    -1e-6,
    3,
    -3,
    6,
    -6,
    16,
    -16,
    30,
    -30,
    87.5,
    -87.5,
    88.5,
    -88.5,
    104,
    -104,
    1e4,
    -1e4,
    1e20,
    -1e20,
    Float.MAX_VALUE,
    -Float.MAX_VALUE
  };

  private PointwiseSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        new OpSpec(
            Pointwise.class,
            each(PointwiseSpecs::values),
            each(function -> Stream.of(value(function, ElementSpecs.LARGE)))),
        new OpSpec(
            PointwiseGrad.class,
            each(PointwiseSpecs::gradients),
            each(function -> Stream.of(gradient(function, ElementSpecs.LARGE)))));
  }

  private static List<OpSpec.Case> each(Function<PointFunction, Stream<OpSpec.Case>> cases) {
    return Stream.of(PointFunction.values()).flatMap(cases).toList();
  }

  private static Stream<OpSpec.Case> values(PointFunction function) {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Shape shape : ElementSpecs.SHAPES) {
      cases.add(value(function, shape));
    }
    Shape extremes = Shape.of(2, 9, 3, 2);
    cases.add(
        OpSpec.Case.of(
            new Pointwise(function),
            tolerance(function),
            "zeros, kinks and the ends of the range",
            Operand.of("x", TensorType.f32(extremes), Generator.values(EXTREMES))));
    return cases.stream();
  }

  static OpSpec.Case value(PointFunction function, Shape shape) {
    return OpSpec.Case.of(
        new Pointwise(function),
        tolerance(function),
        "",
        Operand.smooth("x", TensorType.f32(shape), Generator.betweenWholes(WIDEST)));
  }

  private static Stream<OpSpec.Case> gradients(PointFunction function) {
    Stream<OpSpec.Case> shapes =
        ElementSpecs.SHAPES.stream().map(shape -> gradient(function, shape));
    OpSpec.Case extremes =
        gradient(function, Shape.of(2, 9, 3, 2), Generator.values(EXTREMES), "ends of the range");
    return Stream.concat(shapes, Stream.of(extremes));
  }

  static OpSpec.Case gradient(PointFunction function, Shape shape) {
    return gradient(function, shape, Generator.betweenWholes(WIDEST), "");
  }

  private static OpSpec.Case gradient(
      PointFunction function, Shape shape, Generator operands, String note) {
    boolean ofResult = function.gradientOfResult();
    return OpSpec.Case.of(
        new PointwiseGrad(function),
        tolerance(function),
        note,
        Operand.of(
            ofResult ? "y" : "x",
            TensorType.f32(shape),
            ofResult ? operands.map(function::value) : operands),
        Operand.of("dy", TensorType.f32(shape), Generator.uniform()));
  }

  /**
   * ReLU moves numbers. The others are gates between 0 and 1, times x at most, computed in fp32: a
   * gate is off by a few roundings of 1 and of its exponent u, which share the factor u exp(-u) <
   * 0.4. What counts of x is below 8, since beyond that a gate is 0 or 1 as fp32 knows it: so eight
   * roundings of the result, and eight of numbers up to 8.
   */
  private static Tolerance tolerance(PointFunction function) {
    return function == PointFunction.RELU ? Tolerance.exact() : Tolerance.roundings(8, 8 * 8);
  }
}
