package dev.accrete.nn;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Graph.Destination;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.CholeskyFactor;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;
import java.util.List;
import java.util.Optional;

/**
 * Working memory, and what is compiled, for systems of linear equations whose matrix comes from
 * {@link SymmetricSums}. Not thread-safe.
 */
public final class SymmetricSolver implements AutoCloseable {
  private final int systems;
  private final int width;
  private final Variable matrix;
  private final Variable right;
  private final Store store;
  private final Value.Input taken;
  private final Plan difference;
  private final Plan solution;

  SymmetricSolver(Backend backend, Store from, Variable sums, int systems) {
    this.systems = systems;
    width = Triangle.ofLength(sums.type().shape().size()).side();
    matrix = new Variable("matrix", sums.type());
    right = new Variable("right", TensorType.f64(systems, width));
    store = backend.allocate(List.of(matrix, right));
    Graph.Builder graph = Graph.builder();
    taken = graph.input("taken", right.type());
    graph.apply(
        new SymmetricUpdate(true),
        List.of(taken, sums.view()),
        List.of(new Destination(0, matrix.view())));
    difference = backend.compile(graph.build(), from, store);
    solution = backend.compile(solution(), store);
  }

  private Graph solution() {
    Graph.Builder graph = Graph.builder();
    graph.apply(
        new CholeskyFactor(), List.of(matrix.view()), List.of(new Destination(0, matrix.view())));
    for (boolean transposed : new boolean[] {true, false}) {
      graph.apply(
          new TriangularSolve(transposed),
          List.of(matrix.view(), right.view()),
          List.of(new Destination(0, right.view())));
    }
    return graph.build();
  }

  /** How many right-hand sides there are. */
  public int systems() {
    return systems;
  }

  /**
   * The sums without the outer products of these rows, which the sums keep.
   *
   * @param rows [systems, width]
   */
  public double[] less(double[] rows) {
    difference.write(taken, rows);
    difference.run();
    double[] triangle = new double[matrix.type().shape().size()];
    store.read(matrix, 0, triangle, 0, triangle.length);
    return triangle;
  }

  /**
   * Solves {@code matrix x = b} for every row b.
   *
   * @param triangle of the matrix
   * @param rows [systems, width]
   * @return the solutions, alike; empty if the matrix is not positive definite, or not finite
   */
  public Optional<double[]> solve(double[] triangle, double[] rows) {
    matrix.requireSize(triangle.length);
    right.requireSize(rows.length);
    store.write(matrix, 0, triangle, 0, triangle.length);
    store.write(right, 0, rows, 0, rows.length);
    solution.run();
    double[] solutions = new double[rows.length];
    store.read(right, 0, solutions, 0, solutions.length);
    for (double value : solutions) {
      if (!Double.isFinite(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(solutions);
  }

  /** Multiply-accumulates of one {@link #less} and one {@link #solve}. */
  public long macs() {
    return difference.graph().macs() + solution.graph().macs();
  }

  /** Bytes held. */
  public long bytes() {
    return store.bytes() + difference.bytes() + solution.bytes();
  }

  @Override
  public void close() {
    difference.close();
    solution.close();
    store.close();
  }
}
