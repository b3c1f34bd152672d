package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Best;
import dev.accrete.core.op.SelectParameters.Group;
import dev.accrete.core.op.SynapticImportance.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every backend promises of plans and stores. */
@OnEveryBackend
class PlanContractTest {
  private static final Variable TOTAL = new Variable("total", TensorType.f32(3));

  private final Backend backend;
  private final Graph.Builder graph = Graph.builder();
  private final Value.Input x = graph.input("x", TensorType.f32(3));

  PlanContractTest(Backend backend) {
    this.backend = backend;
  }

  /** Adds x to a variable in place, and shows it. */
  private Graph accumulator() {
    graph.apply(
        new Add(), List.of(TOTAL.view(), x), List.of(new Graph.Destination(0, TOTAL.view())));
    return graph.output("total", TOTAL.view()).output("x", x).build();
  }

  @Test
  void variablesBeginAtZeroAndOutliveRuns() {
    try (Store store = backend.allocate(List.of(TOTAL));
        Plan plan = backend.compile(accumulator(), store)) {
      assertThat(store.read(TOTAL)).containsOnly(0);
      plan.write(x, new float[] {1, 2, 3});
      plan.run();
      plan.run();
      assertThat(store.read(TOTAL)).containsExactly(2, 4, 6);
      assertThat(plan.read("total")).containsExactly(2, 4, 6);
      assertThat(plan.read("x")).containsExactly(1, 2, 3);
      assertThat(store.bytes()).isGreaterThanOrEqualTo(12);
      assertThat(plan.bytes()).isPositive();
    }
  }

  @Test
  void plansShareTheirStore() {
    Graph accumulator = accumulator();
    try (Store store = backend.allocate(List.of(TOTAL));
        Plan first = backend.compile(accumulator, store);
        Plan second = backend.compile(accumulator, store)) {
      first.write(x, new float[] {1, 1, 1});
      second.write(x, new float[] {10, 10, 10});
      first.run();
      second.run();
      first.run();
      assertThat(store.read(TOTAL)).containsOnly(12);
    }
  }

  @Test
  void partsOfVariablesAreReadAndWritten() {
    try (Store store = backend.allocate(List.of(TOTAL))) {
      store.write(TOTAL, 1, new float[] {0, 7, 8, 0}, 1, 2);
      assertThat(store.read(TOTAL)).containsExactly(0, 7, 8);
      float[] part = {-1, -1, -1};
      store.read(TOTAL, 1, part, 2, 1);
      assertThat(part).containsExactly(-1, -1, 7);
      assertThat(store.variables()).containsExactly(TOTAL);
      assertThatThrownBy(() -> store.read(TOTAL, 2, part, 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> store.write(TOTAL, new float[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("total");
      assertThatThrownBy(() -> store.read(new Variable("other", TensorType.f32(3))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("other");
    }
  }

  @Test
  void integersAreVariablesAndResultsToo() {
    Variable bits = new Variable("bits", TensorType.i32(2));
    Group both = new Group(List.of(new Range(0, 40)), 2);
    Value.Input scores = graph.input("scores", TensorType.f32(40));
    List<Value> results =
        graph.apply(
            new SelectParameters(List.of(both), Best.LARGEST),
            List.of(scores),
            List.of(new Graph.Destination(0, bits.view())));
    graph.output("bits", results.get(0)).output("before", results.get(1));
    try (Store store = backend.allocate(List.of(bits));
        Plan plan = backend.compile(graph.build(), store)) {
      assertThat(store.readInts(bits)).containsExactly(0, 0);
      store.write(bits, new int[] {7, -1});
      assertThat(store.readInts(bits)).containsExactly(7, -1);
      float[] values = new float[40];
      values[3] = 1;
      values[39] = 2;
      plan.write(scores, values);
      plan.run();
      assertThat(store.readInts(bits)).containsExactly(8, 128);
      int[] read = new int[2];
      plan.read("bits", read);
      assertThat(read).containsExactly(8, 128);
      int[] before = {-1};
      plan.read("before", before);
      assertThat(before).containsExactly(0);
      assertThatThrownBy(() -> plan.read("bits", new float[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bits");
      assertThatThrownBy(() -> store.read(bits))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("F32");
      assertThatThrownBy(() -> store.write(bits, new int[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 elements");
    }
  }

  @Test
  void bytesAreVariablesToo() {
    Variable bytes = new Variable("bytes", TensorType.u8(4));
    try (Store store = backend.allocate(List.of(bytes))) {
      store.write(bytes, 1, new byte[] {9, -1, 7, 9}, 1, 2);
      byte[] read = {5, 5, 5, 5};
      store.read(bytes, 0, read, 1, 3);
      assertThat(read).containsExactly(5, 0, -1, 7);
      assertThat(store.bytes()).isEqualTo(4);
      assertThatThrownBy(() -> store.read(bytes, 2, read, 0, 3))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> store.read(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("F32");
    }
  }

  @Test
  void aPlanMayUseSeveralStores() {
    Variable step = new Variable("step", TensorType.f32(3));
    graph.apply(
        new Add(),
        List.of(TOTAL.view(), step.view()),
        List.of(new Graph.Destination(0, TOTAL.view())));
    try (Store totals = backend.allocate(List.of(TOTAL));
        Store steps = backend.allocate(List.of(step));
        Plan plan = backend.compile(graph.build(), totals, steps)) {
      steps.write(step, new float[] {1, 2, 3});
      plan.run();
      plan.run();
      assertThat(totals.read(TOTAL)).containsExactly(2, 4, 6);
      assertThatThrownBy(() -> backend.compile(graph.build(), totals, steps, steps))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("two stores have");
      assertThatThrownBy(() -> backend.compile(graph.build(), totals))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no Variable[name=step");
    }
  }

  @Test
  void misuseIsNamed() {
    Graph accumulator = accumulator();
    try (Store empty = backend.allocate(List.of());
        Store store = backend.allocate(List.of(TOTAL));
        Plan plan = backend.compile(accumulator, store)) {
      assertThatThrownBy(() -> backend.compile(accumulator, empty))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("total");
      assertThatThrownBy(() -> plan.write(x, new float[4]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("x");
      assertThatThrownBy(() -> plan.write(x, new int[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("x");
      Value.Input other = new Value.Input("other", TensorType.f32(3));
      assertThatThrownBy(() -> plan.write(other, new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("other");
      assertThatThrownBy(() -> plan.read("sum"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sum");
      assertThatThrownBy(() -> plan.read("total", new float[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("total");
    }
  }

  @Test
  void aClosedPlanDoesNotRun() {
    graph.output("y", graph.one(Pointwise.RELU, x));
    try (Store store = backend.allocate(List.of())) {
      Plan plan = backend.compile(graph.build(), store);
      plan.close();
      assertThatThrownBy(plan::run).hasMessageContaining("closed");
    }
  }

  @Test
  void oneVariableMayBeReadInSeveralShapes() {
    Variable flat = new Variable("flat", TensorType.f32(8));
    Graph.Builder shapes = Graph.builder();
    shapes.output("row", shapes.one(Pointwise.RELU, flat.view(0, Shape.of(1, 4))));
    shapes.output("image", shapes.one(Pointwise.RELU, flat.view(2, Shape.of(1, 3, 1, 2))));
    try (Store store = backend.allocate(List.of(flat));
        Plan plan = backend.compile(shapes.build(), store)) {
      store.write(flat, new float[] {1, -2, 3, 4, -5, 6, 7, 8});
      plan.run();
      assertThat(plan.read("row")).containsExactly(1, 0, 3, 4);
      assertThat(plan.read("image")).containsExactly(3, 4, 0, 6, 7, 8);
    }
  }
}
