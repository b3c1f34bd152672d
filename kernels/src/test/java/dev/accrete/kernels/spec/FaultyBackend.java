package dev.accrete.kernels.spec;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.Collection;
import java.util.List;

/** The reference backend with one deliberate fault, to show that the harness sees it. */
final class FaultyBackend implements Backend {
  /** What goes wrong. */
  interface Fault {
    /** Replaces the execution of a plan; {@code runs} counts earlier ones. */
    void run(Graph graph, Store store, Runnable correct, int runs);

    /** Changes what is read from a plan's output. */
    default void read(float[] values, int runs) {}
  }

  private final Backend correct = new ReferenceBackend();
  private final Fault fault;

  FaultyBackend(Fault fault) {
    this.fault = fault;
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public String description() {
    return name();
  }

  @Override
  public boolean supports(Op op, List<TensorType> inputs) {
    return true;
  }

  @Override
  public Store allocate(Collection<Variable> variables) {
    return correct.allocate(variables);
  }

  @Override
  public Plan compile(Graph graph, Store... stores) {
    return new FaultyPlan(correct.compile(graph, stores), stores[0]);
  }

  @Override
  public void close() {
    correct.close();
  }

  private final class FaultyPlan implements Plan {
    private final Plan plan;
    private final Store store;
    private int runs;

    FaultyPlan(Plan plan, Store store) {
      this.plan = plan;
      this.store = store;
    }

    @Override
    public Graph graph() {
      return plan.graph();
    }

    @Override
    public void write(Value.Input input, float[] values) {
      plan.write(input, values);
    }

    @Override
    public void write(Value.Input input, double[] values) {
      plan.write(input, values);
    }

    @Override
    public void write(Value.Input input, int[] values) {
      plan.write(input, values);
    }

    @Override
    public void write(Value.Input input, byte[] values) {
      plan.write(input, values);
    }

    @Override
    public void run() {
      fault.run(graph(), store, plan::run, runs);
      runs++;
    }

    @Override
    public void read(String output, float[] destination) {
      plan.read(output, destination);
      fault.read(destination, runs);
    }

    @Override
    public void read(String output, double[] destination) {
      plan.read(output, destination);
    }

    @Override
    public void read(String output, int[] destination) {
      plan.read(output, destination);
    }

    @Override
    public void read(String output, byte[] destination) {
      plan.read(output, destination);
    }

    @Override
    public long bytes() {
      return plan.bytes();
    }

    @Override
    public void close() {
      plan.close();
    }
  }
}
