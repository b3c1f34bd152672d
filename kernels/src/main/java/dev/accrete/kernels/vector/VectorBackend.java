package dev.accrete.kernels.vector;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.Stores;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.vector.run.WorkerPool;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.Collection;
import java.util.List;

/** The processor's vector units through the Vector API, on a pool of threads that plans share. */
final class VectorBackend implements Backend {
  static final String NAME = "vector";

  private final WorkerPool pool;

  VectorBackend(BackendOptions options) {
    pool = new WorkerPool(options.threads());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return NAME
        + " ("
        + Lanes.SPECIES.vectorBitSize()
        + "-bit, "
        + pool.threads()
        + (pool.threads() == 1 ? " thread)" : " threads)");
  }

  @Override
  public boolean supports(Op op, List<TensorType> inputs) {
    return true;
  }

  @Override
  public Store allocate(Collection<Variable> variables) {
    return new VectorStore(variables);
  }

  @Override
  public Plan compile(Graph graph, Store... stores) {
    Stores<VectorStore> own =
        new Stores<>("the vector backend", VectorStore.class, any -> true, stores);
    try {
      return new VectorPlan(graph, own, pool);
    } catch (OutOfMemoryError e) {
      long inputs = graph.inputs().stream().mapToLong(input -> input.type().bytes()).sum();
      throw Arena.outOfMemory("the inputs and the packed weights of a mini-batch", inputs, e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
