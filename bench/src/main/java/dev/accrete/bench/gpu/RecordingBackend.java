package dev.accrete.bench.gpu;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Passes everything on, and remembers the plans, so that a step's plan can be timed. */
final class RecordingBackend implements Backend {
  private final Backend inner;
  private final List<Plan> plans = new ArrayList<>();

  RecordingBackend(Backend inner) {
    this.inner = inner;
  }

  /** The plan that was compiled last. */
  Plan lastPlan() {
    return plans.getLast();
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String description() {
    return inner.description();
  }

  @Override
  public boolean supports(Op op, List<TensorType> inputs) {
    return inner.supports(op, inputs);
  }

  @Override
  public Store allocate(Collection<Variable> variables) {
    return inner.allocate(variables);
  }

  @Override
  public Plan compile(Graph graph, Store... stores) {
    Plan plan = inner.compile(graph, stores);
    plans.add(plan);
    return plan;
  }

  /** Leaves the backend open: it is not this one's. */
  @Override
  public void close() {}
}
