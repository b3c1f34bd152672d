package dev.accrete.kernels.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Graph;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.AddBias;
import dev.accrete.kernels.reference.ReferenceBackend;
import dev.accrete.kernels.spec.SpecProgram.Form;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The harness must see every kind of fault, and must not see any where there is none. */
class SpecRunnerTest {
  private static final OpSpec.Case SPEC =
      OpSpec.Case.of(
          new AddBias(),
          Tolerance.roundings(1, 0),
          "",
          Operand.of("x", TensorType.f32(3, 5, 2, 2), Generator.uniform(1, 2)),
          Operand.of("bias", TensorType.f32(5), Generator.uniform(1, 2)));

  private static void check(FaultyBackend.Fault fault) {
    new SpecRunner(new ReferenceBackend(), new FaultyBackend(fault)).check(SPEC);
  }

  /** Changes one element, at a distance from the first of a guarded view, after a correct run. */
  private static void corrupt(Graph graph, Store store, String prefix, int element, float value) {
    for (Variable variable : graph.variables()) {
      if (variable.name().startsWith(prefix)) {
        int start = new Guarded(prefix, TensorType.f32(1)).view().offset();
        store.write(variable, start + element, new float[] {value}, 0, 1);
      }
    }
  }

  @Test
  void passesWhatIsCorrect() {
    List<Form> forms =
        new SpecRunner(
                new ReferenceBackend(),
                new FaultyBackend((graph, store, correct, runs) -> correct.run()))
            .check(SPEC);
    assertThat(forms).containsExactly(Form.values());
  }

  @Test
  void seesAWrongValueAndSaysWhere() {
    assertThatThrownBy(
            () ->
                check(
                    new FaultyBackend.Fault() {
                      @Override
                      public void run(Graph graph, Store store, Runnable correct, int runs) {
                        correct.run();
                      }

                      @Override
                      public void read(float[] values, int runs) {
                        values[21] += 1e-5f;
                      }
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("AddBias[] x=f32[3x5x2x2] bias=f32[5] as INPUTS on faulty, result 0")
        .hasMessageContaining("at [1, 0, 0, 1] of 3x5x2x2: expected ")
        .hasMessageContaining("off by 1.0")
        .hasMessageContaining("1 of 60 elements");
  }

  @Test
  void seesNaN() {
    assertThatThrownBy(
            () ->
                check(
                    (graph, store, correct, runs) -> {
                      correct.run();
                      corrupt(graph, store, "result 0", 3, Float.NaN);
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("VARIABLES")
        .hasMessageContaining("got NaN");
  }

  @Test
  void seesAnOutputThatIsNotWritten() {
    assertThatThrownBy(() -> check((graph, store, correct, runs) -> {}))
        .isInstanceOf(SpecFailure.class);
  }

  @Test
  void seesOneElementThatIsNotWritten() {
    float poison = Guarded.poison(1)[0];
    assertThatThrownBy(
            () ->
                check(
                    (graph, store, correct, runs) -> {
                      correct.run();
                      corrupt(graph, store, "result 0", 59, poison);
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("got NaN");
  }

  @Test
  void seesResultsOfAnEarlierRun() {
    assertThatThrownBy(
            () ->
                check(
                    (graph, store, correct, runs) -> {
                      if (runs == 0) {
                        correct.run();
                      }
                    }))
        .isInstanceOf(SpecFailure.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-19, -1, 60, 96})
  void seesWritesOutsideTheResult(int element) {
    assertThatThrownBy(
            () ->
                check(
                    (graph, store, correct, runs) -> {
                      correct.run();
                      corrupt(graph, store, "result 0", element, 0);
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("element " + element + " of a view of 60 elements was overwritten");
  }

  @Test
  void seesAnOverwrittenOperand() {
    assertThatThrownBy(
            () ->
                check(
                    (graph, store, correct, runs) -> {
                      correct.run();
                      corrupt(graph, store, "operand 1 bias", 2, 7);
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("operand bias has changed");
  }

  @Test
  void seesWritesBesideAnOperandThatIsOverwrittenInPlace() {
    assertThatThrownBy(
            () ->
                check(
                    (graph, store, correct, runs) -> {
                      correct.run();
                      boolean inPlace =
                          graph.variables().stream().noneMatch(v -> v.name().startsWith("result"));
                      if (inPlace) {
                        corrupt(graph, store, "operand 0 x", 60, 0);
                      }
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("IN_PLACE");
  }

  @Test
  void seesBitsThatDiffer() {
    assertThatThrownBy(
            () ->
                check(
                    new FaultyBackend.Fault() {
                      @Override
                      public void run(Graph graph, Store store, Runnable correct, int runs) {
                        correct.run();
                      }

                      @Override
                      public void read(float[] values, int runs) {
                        values[0] = runs % 2 == 0 ? values[0] : Math.nextUp(values[0]);
                      }
                    }))
        .isInstanceOf(SpecFailure.class)
        .hasMessageContaining("the same operands gave");
  }

  @Test
  void boundsAreInclusiveAndNaNNeverPasses() {
    Shape shape = Shape.of(2);
    float[] expected = {1, 100};
    Tolerance tenth = (index, value) -> 0.125 * value;
    assertThatCode(
            () -> SpecRunner.compare("x", shape, expected, new float[] {1.125f, 87.5f}, tenth))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> SpecRunner.compare("x", shape, expected, new float[] {1.126f, 100}, tenth))
        .isInstanceOf(SpecFailure.class);
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(
              () -> SpecRunner.compare("x", shape, expected, new float[] {1, wrong}, tenth))
          .isInstanceOf(SpecFailure.class)
          .hasMessageContaining("[1]");
    }
    assertThatThrownBy(
            () ->
                SpecRunner.compare(
                    "x", shape, new float[] {Float.NaN, 1}, new float[] {Float.NaN, 1}, tenth))
        .as("a reference that is NaN compares with nothing")
        .isInstanceOf(SpecFailure.class);
  }
}
