package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.reference.ReferenceBackend;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions of so many outputs that large tiles are taken: none of their specs' cases is. */
class LargeTilesTest {
  private static final Conv2d CONVOLUTION = Conv2d.of(1, 1);

  static Stream<OpSpec.Case> cases() {
    return Stream.of(
        at(CONVOLUTION, TensorType.f32(2, 4, 64, 65), TensorType.f32(132, 4, 3, 3)),
        at(
            new Conv2dInputGrad(CONVOLUTION, Shape.of(2, 132, 64, 65)),
            TensorType.f32(2, 4, 64, 65),
            TensorType.f32(4, 132, 3, 3)),
        at(
            new Conv2dWeightGrad(CONVOLUTION, Shape.of(1028, 128, 3, 3)),
            TensorType.f32(1, 128, 3, 4),
            TensorType.f32(1, 1028, 3, 4)));
  }

  private static OpSpec.Case at(Op op, TensorType... operands) {
    return OpSpecs.at(op, List.of(operands)).orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreeWithReference(OpSpec.Case spec) {
    List<HostTensor> operands = spec.generate(7);
    try (Backend cuda = Emulator.open();
        Backend reference = new ReferenceBackend();
        SpecProgram expected = SpecProgram.compile(spec, SpecProgram.Form.INPUTS, reference);
        SpecProgram actual = SpecProgram.compile(spec, SpecProgram.Form.INPUTS, cuda)) {
      assertThat(((CudaPlan) actual.plan()).kernels())
          .anyMatch(kernel -> kernel.startsWith("conv_") && kernel.endsWith("_128"));
      for (SpecProgram program : List.of(expected, actual)) {
        program.load(operands);
        program.run();
      }
      SpecRunner.compare(
          spec.toString(),
          spec.resultTypes().getFirst().shape(),
          expected.results().getFirst().floats(),
          actual.results().getFirst().floats(),
          spec.tolerances().getFirst());
    }
  }
}
