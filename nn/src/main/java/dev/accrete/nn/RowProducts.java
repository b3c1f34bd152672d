package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.MatMul;
import java.util.Arrays;

/**
 * The sum of the outer products of rows with themselves, R'R, compiled for a number of rows: what a
 * scatter matrix grows by. Not thread-safe.
 */
public final class RowProducts implements AutoCloseable {
  private static final String PRODUCTS = "products";

  private final Learner learner;
  private final int rows;
  private final int width;
  private final Value.Input input;
  private final Plan plan;
  private final float[] padded;
  private final float[] products;

  RowProducts(Learner learner, int rows, int width) {
    this.learner = learner;
    this.rows = rows;
    this.width = width;
    Graph.Builder graph = Graph.builder();
    input = graph.input("rows", TensorType.f32(rows, width));
    graph.output(PRODUCTS, graph.one(new MatMul(true, false), input, input));
    plan = learner.compile(graph.build());
    padded = new float[rows * width];
    products = new float[Math.multiplyExact(width, width)];
  }

  /** The most rows that one run takes. */
  public int rows() {
    return rows;
  }

  /** How many numbers a row has. */
  public int width() {
    return width;
  }

  /**
   * R'R of the first {@code count} rows of {@code values}: an array [width, width] that the next
   * run overwrites.
   */
  public float[] run(float[] values, int count) {
    System.arraycopy(values, 0, padded, 0, count * width);
    Arrays.fill(padded, count * width, padded.length, 0f);
    plan.write(input, padded);
    plan.run();
    plan.read(PRODUCTS, products);
    return products;
  }

  /** Multiply-accumulates of a run. */
  public long macs() {
    return plan.graph().macs();
  }

  /** Bytes this holds beyond its plan. */
  public long bytes() {
    return 4L * (padded.length + products.length);
  }

  @Override
  public void close() {
    learner.release(plan);
  }
}
