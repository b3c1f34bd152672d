package dev.accrete.kernels.vector.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Graph;
import dev.accrete.core.Stores;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.kernels.vector.run.Clock;
import dev.accrete.kernels.vector.run.Runners;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {
  private final Graph.Builder graph = Graph.builder();
  private final Value.Input x = graph.input("x", TensorType.f32(64));
  private final Value first = graph.one(new Add(), x, x);
  private final Value second = graph.one(new Add(), first, x);
  private final Program program =
      new Program(
          new Stores<>("this test", VectorStore.class, any -> true),
          Runners.shuffled(1),
          new Clock());

  @Test
  void whatNothingWroteCannotBeRead() {
    Operand never = program.canonicalResult(first);
    Operand result = program.canonicalResult(second);
    program.emit(() -> {}, List.of(never), List.of(result));
    assertThatThrownBy(() -> program.place(List.of(result)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("reads what nothing wrote");
  }

  @Test
  void operandsLiveUntilTheLastInstructionThatReadsThem() {
    Operand a = program.canonicalResult(first);
    Operand b = program.canonicalResult(second);
    program.emit(() -> {}, List.of(), List.of(a));
    program.emit(() -> {}, List.of(), List.of(b));
    program.emit(() -> {}, List.of(a), List.of());
    program.place(List.of());
    assertThat(Math.abs(a.offset - b.offset)).isGreaterThanOrEqualTo(64);
  }

  @Test
  void memoryIsTakenOverOnceNothingReadsItAnyMore() {
    Operand a = program.canonicalResult(first);
    Operand b = program.canonicalResult(second);
    program.emit(() -> {}, List.of(), List.of(a));
    program.emit(() -> {}, List.of(a), List.of(b)).inPlace(a, b);
    program.place(List.of());
    assertThat(a.offset).isEqualTo(b.offset);
  }
}
