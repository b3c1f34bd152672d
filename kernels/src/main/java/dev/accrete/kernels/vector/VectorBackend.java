package dev.accrete.kernels.vector;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Graph;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.Stores;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.vector.lowering.ImageSlices;
import dev.accrete.kernels.vector.run.WorkerPool;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
    Stores<VectorStore> own = own(stores);
    Optional<ImageSlices> slices = ImageSlices.of(graph, pool.threads());
    try {
      return slices.isPresent()
          ? new SlicedPlan(graph, slices.get(), own, pool)
          : new VectorPlan(graph, own, pool);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(graph, e);
    }
  }

  /** The same, all images at a time even if they could be cut into slices. */
  VectorPlan compileWhole(Graph graph, Store... stores) {
    try {
      return new VectorPlan(graph, own(stores), pool);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(graph, e);
    }
  }

  private static Stores<VectorStore> own(Store... stores) {
    return new Stores<>("the vector backend", VectorStore.class, any -> true, stores);
  }

  private static MemoryException outOfMemory(Graph graph, OutOfMemoryError e) {
    long inputs = graph.inputs().stream().mapToLong(input -> input.type().bytes()).sum();
    return Arena.outOfMemory("the inputs and the packed weights of a mini-batch", inputs, e);
  }

  @Override
  public void close() {
    pool.close();
  }
}
