package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Precision;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is timed is what was asked for; how long it takes is nobody's business here. */
class DeviceTimerTest {
  private static final TensorType PAIR = TensorType.f32(2);

  private final Variable first = new Variable("first", PAIR);
  private final Variable second = new Variable("second", PAIR);

  @SuppressWarnings("NullAway.Init") // JUnit calls open() first.
  private Backend backend;

  @SuppressWarnings("NullAway.Init")
  private DeviceTimer timer;

  @BeforeEach
  void open() {
    backend = Emulator.open();
    timer = DeviceTimer.of(backend).orElseThrow();
  }

  @AfterEach
  void close() {
    if (backend != null) {
      timer.close();
      backend.close();
    }
  }

  /** Adds a step to each of two variables: one node each. */
  private Graph counters() {
    Graph.Builder graph = Graph.builder();
    Value.Input step = graph.input("step", PAIR);
    for (Variable variable : List.of(first, second)) {
      graph.apply(
          new Add(),
          List.of(variable.view(), step),
          List.of(new Graph.Destination(0, variable.view())));
    }
    return graph.build();
  }

  @Test
  void aSectionRunsItsNodesAlone() {
    Graph graph = counters();
    try (Store store = backend.allocate(List.of(first, second));
        Plan plan = backend.compile(graph, store)) {
      plan.write(graph.inputs().getFirst(), new float[] {1, 2});
      plan.run();
      try (DeviceTimer.Section section = timer.section(plan, 1, 2)) {
        assertThat(section.steps()).isEqualTo(1);
        double millis =
            timer.millis(
                () -> {
                  section.launch();
                  section.launch();
                });
        assertThat(millis).isFinite().isNotNegative();
      }
      assertThat(store.read(first)).containsExactly(1, 2);
      assertThat(store.read(second)).containsExactly(3, 6);
    }
  }

  @Test
  void workOfOthersIsCapturedAndARefusalLeavesTheStreamAsItWas() {
    assertThatThrownBy(
            () ->
                timer.capture(
                    () -> {
                      throw new AccreteException("refused");
                    }))
        .hasMessage("refused");
    try (DeviceTimer.Section section = timer.capture(() -> timer.copy(timer.copyPiece()))) {
      assertThat(timer.millis(section::launch)).isFinite().isNotNegative();
    }
  }

  @Test
  void plansOfOtherBackendsHaveNoSections() {
    Graph graph = counters();
    try (Backend other = new ReferenceBackend();
        Store store = other.allocate(graph.variables());
        Plan plan = other.compile(graph, store)) {
      assertThat(DeviceTimer.of(other)).isEmpty();
      assertThatThrownBy(() -> timer.section(plan, 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not of this cuda backend");
    }
  }

  @Test
  void knowsTheDeviceAndLoadsItsKernels() {
    assertThat(timer.facts().name()).isEqualTo("Accrete emulated GPU");
    assertThat(timer.facts().capability()).isEqualTo("9.0");
    assertThat(timer.facts().memoryBytes()).isPositive();
    assertThat(timer.loadKernels()).isEqualTo(KernelFile.values().length);
  }

  @Test
  void probesSayHowMuchTheyDo() {
    double once = timer.multiplyAdd(Precision.FP32, 1);
    // Two operations for each of 16 chains of 8 blocks of 256 threads on the one multiprocessor.
    assertThat(once).isEqualTo(2.0 * 16 * 8 * 256);
    assertThat(timer.multiplyAdd(Precision.FP32, 3)).isEqualTo(3 * once);
    // 8 products of tiles of each of the 8 warps of 8 blocks.
    assertThat(timer.multiplyAdd(Precision.TF32, 1)).isEqualTo(2.0 * 8 * 8 * 8 * (16 * 8 * 8));
    assertThat(timer.multiplyAdd(Precision.BF16, 1)).isEqualTo(2.0 * 8 * 8 * 8 * (16 * 8 * 16));
    timer.copy(3 * timer.copyPiece() + 1);
    assertThat(timer.millis(() -> {})).isFinite();
  }
}
