package dev.accrete.nn;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import java.util.Arrays;
import java.util.List;

/**
 * Sums of the outer products of vectors with themselves, where the backend computes. Products of
 * single-precision numbers are exact in double precision, and only sums of them are rounded: what
 * was added can be taken off again whatever came between. A matrix is its upper triangle, as {@link
 * Triangle} has it. Not thread-safe.
 */
public final class SymmetricSums implements AutoCloseable {
  /** Few vectors are not worth a step made for many. */
  private static final int FEW = 16;

  private final Backend backend;
  private final int width;
  private final Variable sums;
  private final Store store;
  private final int usual;

  /** By many rows, by few, and by few that are taken off; compiled when they are needed. */
  private List<Update> updates = List.of();

  /** A compiled update by up to some rows. */
  private final class Update implements AutoCloseable {
    private final int rows;
    private final Value.Input input;
    private final Plan plan;
    private final float[] padded;

    Update(int rows, boolean subtract) {
      this.rows = rows;
      Graph.Builder graph = Graph.builder();
      input = graph.input("rows", TensorType.f32(rows, width));
      graph.apply(
          new SymmetricUpdate(subtract),
          List.of(input, sums.view()),
          List.of(new Graph.Destination(0, sums.view())));
      plan = backend.compile(graph.build(), store);
      padded = new float[rows * width];
    }

    void run(float[] values, int offset, int count) {
      System.arraycopy(values, offset, padded, 0, count * width);
      Arrays.fill(padded, count * width, padded.length, 0f);
      plan.write(input, padded);
      plan.run();
    }

    long bytes() {
      return plan.bytes() + 4L * padded.length;
    }

    @Override
    public void close() {
      plan.close();
    }
  }

  /**
   * Sums of nothing yet.
   *
   * @param rows vectors that usually come together
   * @param width numbers of a vector
   * @throws IllegalArgumentException if one is below 1, or no array holds the triangle
   * @throws dev.accrete.core.AccreteException if there is not enough memory
   */
  public SymmetricSums(Backend backend, int rows, int width) {
    if (rows < 1) {
      throw new IllegalArgumentException("vectors come " + rows + " at a time: at least 1");
    }
    this.backend = backend;
    this.usual = rows;
    this.width = width;
    sums = new Variable("sums", TensorType.f64(new Triangle(width).length()));
    store = backend.allocate(List.of(sums));
  }

  /** Compiles what adds and takes off, if that was not done; otherwise the first vector waits. */
  public void prepare() {
    updates();
  }

  private List<Update> updates() {
    if (updates.isEmpty()) {
      int few = Math.min(FEW, usual);
      updates = List.of(new Update(usual, false), new Update(few, false), new Update(few, true));
    }
    return updates;
  }

  /** How many numbers a vector has. */
  public int width() {
    return width;
  }

  /** Adds {@code count} vectors that lie one after the other, from {@code offset} on. */
  public void add(float[] values, int offset, int count) {
    for (int done = 0; done < count; ) {
      Update update = updates().get(count - done > updates().get(1).rows ? 0 : 1);
      int rows = Math.min(count - done, update.rows);
      update.run(values, offset + done * width, rows);
      done += rows;
    }
  }

  /** Takes off vectors that were added before; likewise. */
  public void subtract(float[] values, int offset, int count) {
    Update update = updates().getLast();
    for (int done = 0; done < count; done += update.rows) {
      update.run(values, offset + done * width, Math.min(count - done, update.rows));
    }
  }

  /** Multiply-accumulates of adding {@code count} vectors: whole steps. */
  public long macs(int count) {
    long macs = 0;
    for (int done = 0; done < count; ) {
      Update update = updates().get(count - done > updates().get(1).rows ? 0 : 1);
      macs += update.plan.graph().macs();
      done += update.rows;
    }
    return macs;
  }

  /** A copy of the triangle. */
  public double[] triangle() {
    double[] triangle = new double[sums.type().shape().size()];
    store.read(sums, 0, triangle, 0, triangle.length);
    return triangle;
  }

  /**
   * Replaces the triangle.
   *
   * @throws IllegalArgumentException if it has another length
   */
  public void setTriangle(double[] triangle) {
    sums.requireSize(triangle.length);
    store.write(sums, 0, triangle, 0, triangle.length);
  }

  /** What solves systems of equations of this width. */
  public SymmetricSolver solver(int systems) {
    return new SymmetricSolver(backend, store, sums, systems);
  }

  /** Bytes held, by what is compiled too. */
  public long bytes() {
    return store.bytes() + updates.stream().mapToLong(Update::bytes).sum();
  }

  @Override
  public void close() {
    updates.forEach(Update::close);
    store.close();
  }
}
