package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.CholeskyFactor;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Symmetric matrices that are easily followed by hand, and a system solved, on every backend. */
@OnEveryBackend
class SymmetricGoldenTest {
  private final Backend backend;

  SymmetricGoldenTest(Backend backend) {
    this.backend = backend;
  }

  private static HostTensor doubles(TensorType type, double... values) {
    return HostTensor.of(type, values);
  }

  private double[] run(Op op, HostTensor... operands) {
    List<TensorType> types = List.of(operands).stream().map(HostTensor::type).toList();
    assumeTrue(backend.supports(op, types), () -> backend.name() + " does not support " + op);
    Graph.Builder builder = Graph.builder();
    Value.Input[] inputs = new Value.Input[operands.length];
    for (int i = 0; i < operands.length; i++) {
      inputs[i] = builder.input("operand " + i, types.get(i));
    }
    builder.output("result", builder.one(op, inputs));
    Graph graph = builder.build();
    try (Store store = backend.allocate(graph.variables());
        Plan plan = backend.compile(graph, store)) {
      for (int i = 0; i < operands.length; i++) {
        operands[i].write(plan, inputs[i]);
      }
      plan.run();
      double[] result = new double[op.infer(types).getFirst().shape().size()];
      plan.read("result", result);
      return result;
    }
  }

  @Test
  void outerProductsAreAddedAndTakenOff() {
    HostTensor x = HostTensor.of(TensorType.f32(2, 3), new float[] {1, 2, 3, 0, -1, 1});
    HostTensor s = doubles(TensorType.f64(6), 10, 20, 30, 40, 50, 60);
    assertThat(run(new SymmetricUpdate(false), x, s)).containsExactly(11, 22, 33, 45, 55, 70);
    assertThat(run(new SymmetricUpdate(true), x, s)).containsExactly(9, 18, 27, 35, 45, 50);
    HostTensor precise = doubles(TensorType.f64(1, 1), 1 + 0x1p-30);
    assertThat(run(new SymmetricUpdate(false), precise, doubles(TensorType.f64(1), 0)))
        .containsExactly(1 + 0x1p-29);
  }

  @Test
  void factorsAndSolutionsAreThoseFoundByHand() {
    // R'R of R = (2 1 -1; 0 3 2; 0 0 1).
    double[] factor = run(new CholeskyFactor(), doubles(TensorType.f64(6), 4, 2, -2, 10, 5, 6));
    assertThat(factor).containsExactly(2, 1, -1, 3, 2, 1);
    HostTensor r = doubles(TensorType.f64(6), factor);
    // R' y = b and R x = b for x = y = (1, 2, 3).
    assertThat(run(new TriangularSolve(true), r, doubles(TensorType.f64(2, 3), 2, 7, 6, 2, 1, -1)))
        .containsExactly(1, 2, 3, 1, 0, 0);
    assertThat(run(new TriangularSolve(false), r, doubles(TensorType.f64(2, 3), 1, 12, 3, 2, 0, 0)))
        .containsExactly(1, 2, 3, 1, 0, 0);
  }

  @Test
  void whatIsNotPositiveDefiniteIsNoNumberFromThereOn() {
    int side = 90;
    Triangle triangle = new Triangle(side);
    for (int bad : new int[] {0, 1, 40, 63, 64, 89}) {
      for (double pivot : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
        double[] a = new double[triangle.length()];
        for (int i = 0; i < side; i++) {
          a[triangle.at(i, i)] = i == bad ? pivot : 4;
          for (int j = i + 1; j < side; j++) {
            a[triangle.at(i, j)] = j == i + 1 && i + 1 < bad ? 0.5 : 0;
          }
        }
        double[] r = run(new CholeskyFactor(), doubles(TensorType.f64(a.length), a));
        for (int i = 0; i < side; i++) {
          for (int j = i; j < side; j++) {
            assertThat(Double.isNaN(r[triangle.at(i, j)]))
                .as("row %d, column %d, bad row %d", i, j, bad)
                .isEqualTo(i >= bad);
          }
        }
      }
    }
  }

  /** Sums of rows, factored and solved for in one plan, over variables. */
  @Test
  void normalEquationsAreSolved() {
    int side = 150;
    int systems = 21;
    Triangle triangle = new Triangle(side);
    Variable sums = new Variable("sums", TensorType.f64(triangle.length()));
    Variable work = new Variable("work", TensorType.f64(triangle.length()));
    Variable right = new Variable("right", TensorType.f64(systems, side));
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(200, side));
    Value total =
        graph
            .apply(
                new SymmetricUpdate(false),
                List.of(x, sums.view()),
                List.of(new Graph.Destination(0, work.view())))
            .getFirst();
    Value factor =
        graph
            .apply(
                new CholeskyFactor(),
                List.of(total),
                List.of(new Graph.Destination(0, work.view())))
            .getFirst();
    for (boolean transposed : new boolean[] {true, false}) {
      graph.apply(
          new TriangularSolve(transposed),
          List.of(factor, right.view()),
          List.of(new Graph.Destination(0, right.view())));
    }
    Rng rng = Rng.of(9, 0);
    float[] rows = new float[200 * side];
    double[] expected = new double[systems * side];
    double[] initial = new double[triangle.length()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) rng.nextGaussian();
    }
    for (int i = 0; i < expected.length; i++) {
      expected[i] = rng.nextGaussian();
    }
    for (int i = 0; i < side; i++) {
      initial[triangle.at(i, i)] = 1;
    }
    double[] products = new double[systems * side];
    for (int s = 0; s < systems; s++) {
      for (int n = 0; n < 200; n++) {
        double product = 0;
        for (int i = 0; i < side; i++) {
          product += rows[n * side + i] * expected[s * side + i];
        }
        for (int i = 0; i < side; i++) {
          products[s * side + i] += product * rows[n * side + i];
        }
      }
      for (int i = 0; i < side; i++) {
        products[s * side + i] += expected[s * side + i];
      }
    }
    try (Store store = backend.allocate(List.of(sums, work, right));
        Plan plan = backend.compile(graph.build(), store)) {
      store.write(sums, 0, initial, 0, initial.length);
      store.write(right, 0, products, 0, products.length);
      plan.write(x, rows);
      plan.run();
      double[] solved = new double[products.length];
      store.read(right, 0, solved, 0, solved.length);
      assertThat(solved).containsExactly(expected, within(1e-9));
      double[] kept = new double[initial.length];
      store.read(sums, 0, kept, 0, kept.length);
      assertThat(kept).as("what the result did not go to").isEqualTo(initial);
      assertThatThrownBy(() -> store.read(sums)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.read(sums, 1, kept, 0, kept.length))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
