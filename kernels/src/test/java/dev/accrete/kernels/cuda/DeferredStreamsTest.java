package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Inputs change from run to run while nothing waits for the device. */
class DeferredStreamsTest {
  private static final int SIZE = 100;
  private static final Variable TOTAL = new Variable("total", TensorType.f32(SIZE));

  private Backend backend;

  @BeforeEach
  void open() {
    backend = Emulator.open();
    Emulator.configure(Emulator.Order.FORWARD, true);
  }

  @AfterEach
  void close() {
    if (backend != null) {
      Emulator.configure(Emulator.Order.FORWARD, false);
      backend.close();
    }
  }

  /** Of three inputs the first changes in each run, the second in every third, the last once. */
  @Test
  void everyRunSeesTheInputsOfItsTime() {
    Graph.Builder graph = Graph.builder();
    TensorType type = TensorType.f32(SIZE);
    Value.Input always = graph.input("always", type);
    Value.Input never = graph.input("never", type);
    Value.Input sometimes = graph.input("sometimes", type);
    Value sum = graph.one(new Add(), graph.one(new Add(), always, never), sometimes);
    graph.apply(
        new Add(), List.of(TOTAL.view(), sum), List.of(new Graph.Destination(0, TOTAL.view())));
    try (Store store = backend.allocate(List.of(TOTAL));
        Plan plan = backend.compile(graph.build(), store)) {
      plan.write(never, filled(1000));
      float expected = 0;
      float second = 0;
      for (int run = 0; run < 10; run++) {
        plan.write(always, filled(run));
        if (run % 3 == 0) {
          second = 100 * run;
          plan.write(sometimes, filled(second));
        }
        plan.run();
        expected += run + second + 1000;
      }
      assertThat(store.read(TOTAL)).containsOnly(expected);
    }
  }

  private static float[] filled(float value) {
    float[] values = new float[SIZE];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
