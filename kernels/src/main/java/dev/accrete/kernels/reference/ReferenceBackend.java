package dev.accrete.kernels.reference;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.Stores;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import java.util.Collection;
import java.util.List;

/**
 * Plain loops on one thread. Sums are accumulated in double precision and every result is rounded
 * to single precision once, so that its values are as good as single precision can hold.
 */
public final class ReferenceBackend implements Backend {
  static final String NAME = "reference";
  static final String DESCRIPTION = "plain loops, double accumulation, 1 thread; slow";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return NAME + " (" + DESCRIPTION + ")";
  }

  @Override
  public boolean supports(Op op, List<TensorType> inputs) {
    return true;
  }

  @Override
  public Store allocate(Collection<Variable> variables) {
    return new ReferenceStore(variables);
  }

  @Override
  public Plan compile(Graph graph, Store... stores) {
    return new ReferencePlan(
        graph, new Stores<>("the reference backend", ReferenceStore.class, any -> true, stores));
  }

  /** Does nothing: there is nothing to release. */
  @Override
  public void close() {}
}
