package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.Pointwise;
import java.util.List;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
  /** More than the emulated device has: 4 GiB. */
  private static final int TOO_MANY = 1_200_000_000;

  private Backend backend;

  @BeforeEach
  void open() {
    backend = Emulator.open();
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
    }
  }

  private static long free() {
    long[] free = new long[1];
    Cuda.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "tell");
    return free[0];
  }

  @Test
  void closedPlansAndStoresReturnTheirMemory() {
    long before = free();
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(1000));
    graph.output("y", graph.one(Pointwise.RELU, x));
    Variable variable = new Variable("v", TensorType.f32(1000));
    try (Store store = backend.allocate(List.of(variable));
        Plan plan = backend.compile(graph.build(), store)) {
      assertThat(before - free()).isGreaterThanOrEqualTo(plan.bytes() / 2 + store.bytes());
    }
    assertThat(free()).isEqualTo(before);
  }

  @Test
  void outOfMemorySaysWhatToDo() {
    Variable huge = new Variable("huge", TensorType.f32(TOO_MANY));
    assertThatThrownBy(() -> backend.allocate(List.of(huge)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("the variables need 4,578 MiB on the GPU, which has 4,096 of 4,096")
        .hasMessageContaining("mini-batch");
  }

  @Test
  void whatDoesNotFitLeavesNothingBehind() {
    long before = free();
    Graph.Builder graph = Graph.builder();
    graph.output("y", graph.one(new Fill(1, Shape.of(TOO_MANY))));
    try (Store store = backend.allocate(List.of())) {
      assertThatThrownBy(() -> backend.compile(graph.build(), store))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("the values of a mini-batch need 4,578 MiB");
    }
    assertThat(free()).isEqualTo(before);
  }

  @Test
  void aStoreBelongsToItsBackend() {
    try (Backend other = Emulator.open();
        Store store = other.allocate(List.of())) {
      assertThatThrownBy(() -> backend.compile(Graph.builder().build(), store))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not of this cuda backend");
    }
  }
}
