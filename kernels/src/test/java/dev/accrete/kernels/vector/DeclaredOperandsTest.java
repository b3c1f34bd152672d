package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Rng;
import dev.accrete.core.TensorType;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.vector.op.Elements;
import dev.accrete.kernels.vector.run.Instruction;
import dev.accrete.kernels.vector.run.Runners;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every instruction declares all it reads and writes: memory is planned from nothing else. */
class DeclaredOperandsTest {
  static List<OpSpec> specs() {
    return OpSpecs.all();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyOpTouchesOnlyWhatItDeclares(OpSpec spec) {
    try (StrictBackend backend = new StrictBackend()) {
      for (OpSpec.Case one : spec.cases()) {
        // Nothing of a variable lies in the arena.
        for (SpecProgram.Form form :
            List.of(SpecProgram.Form.INPUTS, SpecProgram.Form.TEMPORARIES)) {
          try (SpecProgram program = SpecProgram.compile(one, form, backend)) {
            program.load(one.generate(1));
            assertThatCode(program::run).as("%s as %s", one, form).doesNotThrowAnyException();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fusedTrainingTouchesOnlyWhatItDeclares(TrainingGraph.Norm norm) {
    try (StrictBackend backend = new StrictBackend();
        TrainingGraph.Session session = new TrainingGraph(6, norm).on(backend)) {
      Rng rng = Rng.of(7, 1);
      session.initialize(rng);
      assertThatCode(() -> session.step(rng)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void randomGraphsTouchOnlyWhatTheyDeclare(long seed) {
    assertThat(RandomGraphTest.run(new StrictBackend(), RandomGraphTest.graph(seed), seed))
        .isNotEmpty();
  }

  @Test
  void aForgottenOperandIsFound() {
    Operand a = planned(0);
    Operand b = planned(1);
    Operand sum = planned(2);
    Instruction use = add(a, b, sum, List.of(a), List.of(b));
    Instruction whole = add(a, b, sum, List.of(a, b), List.of(sum));
    Instruction forgotRead = add(a, b, sum, List.of(a), List.of(sum));
    Instruction forgotWrite = add(a, b, sum, List.of(a, b), List.of());
    Instruction[] strict = StrictBackend.strict(use, whole, forgotRead, forgotWrite);
    assertThatCode(strict[1]::run).doesNotThrowAnyException();
    assertThatThrownBy(strict[2]::run).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(strict[3]::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void nothingIsPutInPlaceOfWhatIsNotRead() {
    Operand a = planned(0);
    Operand b = planned(1);
    Operand sum = planned(2);
    Instruction instruction = add(a, b, sum, List.of(a), List.of(sum));
    assertThatThrownBy(() -> instruction.inPlace(b, sum))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("add [32]");
  }

  private static Instruction add(
      Operand a, Operand b, Operand sum, List<Operand> reads, List<Operand> writes) {
    return new Instruction(
        "add",
        "[32]",
        0,
        Elements.step(Runners.shuffled(1), 32, Elements.add(a, b, sum)),
        reads,
        writes);
  }

  private static Operand planned(int block) {
    Operand operand = Operand.planned(TensorType.f32(32), Layout.CANONICAL);
    operand.block = block;
    operand.floats = new float[32];
    return operand;
  }
}
