package dev.accrete.nn.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.nn.TestBackends;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every differentiable op, at every case of its spec that is small, on the reference backend. */
class OpGradientTest {
  private static final int LARGEST_OPERAND = 3000;
  private static final int ELEMENTS = 12;

  static Stream<OpSpec.Case> cases() {
    return OpSpecs.cases()
        .filter(c -> !c.differentiable().isEmpty())
        .filter(
            c ->
                c.inputTypes().stream().allMatch(t -> t.shape().size() <= LARGEST_OPERAND)
                    && c.resultTypes().get(0).shape().size() <= LARGEST_OPERAND);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithFiniteDifferences(OpSpec.Case spec) {
    try (Backend backend = TestBackends.reference()) {
      GradientReport report = check(backend, spec, spec.differentiable());
      assertThat(report.passed()).as("%s: %s", spec, report).isTrue();
    }
  }

  private static GradientReport check(Backend backend, OpSpec.Case spec, List<Integer> operands) {
    List<HostTensor> generated = spec.generate(5);
    List<Value.Input> inputs = new ArrayList<>();
    Point point = new Point();
    for (int i = 0; i < generated.size(); i++) {
      Value.Input input = new Value.Input("operand " + i, generated.get(i).type());
      inputs.add(input);
      set(point, input, generated.get(i));
    }
    Function<Graph.Builder, Value> function =
        graph -> graph.apply(spec.op(), List.copyOf(inputs), List.of()).get(0);
    return new GradientChecker(backend, 1 / 64.0, 2e-3, ELEMENTS, 1)
        .check(function, point, operands.stream().map(inputs::get).toList());
  }

  private static void set(Point point, Value.Input input, HostTensor tensor) {
    if (tensor.type().dtype() == DType.F32) {
      point.set(input, tensor.floats());
    } else if (tensor.type().dtype() == DType.I32) {
      point.set(input, tensor.ints());
    } else {
      point.set(input, tensor.bytes());
    }
  }

  /** Every op autodiff knows has a case here: none is left out by the size limit. */
  @Test
  void coversEveryDifferentiableOp() {
    assertThat(cases().map(c -> c.op().name()).collect(Collectors.toSet()))
        .contains(
            "Add",
            "AddBias",
            "BatchNorm",
            "BatchNormInference",
            "BatchRenorm",
            "Conv2d",
            "Dropout",
            "GlobalAveragePool",
            "LocalResponseNorm",
            "MatMul",
            "Pool2d",
            "Relu",
            "Gelu",
            "Silu",
            "HardSwish",
            "Tanh",
            "Sigmoid",
            "Reshape",
            "SoftmaxCrossEntropy");
  }

  /** Where r and d move with the mini-batch, a gradient that takes them as constants is another. */
  @Test
  void aWrongGradientIsFound() {
    Class<? extends Op> renorm = BatchRenorm.class;
    OpSpec.Case open =
        OpSpecs.of(renorm).cases().stream()
            .filter(
                c -> c.toString().contains("inactive") && c.inputTypes().get(0).shape().size() > 60)
            .findFirst()
            .orElseThrow();
    try (Backend backend = TestBackends.reference()) {
      GradientReport report = check(backend, open, List.of(0));
      assertThat(report.passed()).isFalse();
      assertThat(report.mismatches()).isNotEmpty();
      assertThat(report.toString()).contains("analytic", "numeric");
    }
  }
}
