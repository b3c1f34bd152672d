package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.ints;
import static dev.accrete.kernels.TestBackends.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Latents that are easily followed by hand, on every backend. */
@OnEveryBackend
class LatentGoldenTest {
  private final Backend backend;

  LatentGoldenTest(Backend backend) {
    this.backend = backend;
  }

  @Test
  void rowsAreCountedThroughTheBanks() {
    HostTensor first = floats(Shape.of(2, 2, 1, 2), 0, 1, 2, 3, 10, 11, 12, 13);
    HostTensor codes =
        HostTensor.of(TensorType.u8(2, 2, 1, 2), new byte[] {0, 1, 2, 3, (byte) 255, 0, 100, 50});
    HostTensor ranges = floats(Shape.of(2, 4), 5, 1, 7, 0.5, -1, 2, 0, 0.25);
    List<float[]> gathered =
        run(backend, new GatherLatents(), ints(1, 3, 0, 2, 3), first, codes, ranges);
    assertThat(gathered.get(0))
        .containsExactly(
            10, 11, 12, 13, //
            509, -1, 25, 12.5f, //
            0, 1, 2, 3, //
            5, 6, 8, 8.5f, //
            509, -1, 25, 12.5f);
  }

  @Test
  void latentsGoToTheirCellsAndNowhereElse() {
    HostTensor latents = floats(Shape.of(3, 1, 1, 2), 1, 2, 3, 4, 5, 6);
    HostTensor bank = floats(Shape.of(4, 1, 1, 2), -1, -2, -3, -4, -5, -6, -7, -8);
    assertThat(run(backend, new ScatterLatents(), latents, ints(3, -1, 0), bank).get(0))
        .containsExactly(5, 6, -3, -4, -5, -6, 1, 2);
  }

  /** Two plans over two stores: codes go in by one and come out by the other. */
  @Test
  void codesAreWholeStepsOfTheirChannel() {
    Variable codes = new Variable("codes", TensorType.u8(2, 2, 2, 2));
    Variable ranges = new Variable("ranges", TensorType.f32(2, 4));
    Variable copy = new Variable("copy", TensorType.f32(1, 2, 2, 2));
    Graph.Builder in = Graph.builder();
    Value.Input latents = in.input("latents", TensorType.f32(1, 2, 2, 2));
    Value.Input cells = in.input("cells", TensorType.i32(1));
    in.apply(
        new ScatterLatents(),
        List.of(latents, cells, codes.view(), ranges.view()),
        List.of(new Graph.Destination(0, codes.view()), new Graph.Destination(1, ranges.view())));
    Graph.Builder out = Graph.builder();
    Value.Input rows = out.input("rows", TensorType.i32(1));
    out.apply(
        new GatherLatents(),
        List.of(rows, codes.view(), ranges.view()),
        List.of(new Graph.Destination(0, copy.view())));
    try (Store bank = backend.allocate(List.of(codes, ranges));
        Store result = backend.allocate(List.of(copy));
        Plan store = backend.compile(in.build(), bank);
        Plan load = backend.compile(out.build(), result, bank)) {
      // The one channel has steps of 1, so that 3.5 goes up; the other is constant.
      store.write(latents, new float[] {0, 255, 3.5f, 2.25f, 7, 7, 7, 7});
      store.write(cells, new int[] {1});
      store.run();
      byte[] stored = new byte[16];
      bank.read(codes, 0, stored, 0, 16);
      assertThat(stored).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 255, 4, 2, 0, 0, 0, 0);
      assertThat(bank.read(ranges)).containsExactly(0, 0, 0, 0, 0, 1, 7, 0);
      load.write(rows, new int[] {1});
      load.run();
      assertThat(result.read(copy)).containsExactly(0, 255, 4, 2, 7, 7, 7, 7);
    }
  }
}
