package dev.accrete.kernels.vector;

import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Stores;
import dev.accrete.core.Value;
import dev.accrete.kernels.vector.lowering.ImageSlices;
import dev.accrete.kernels.vector.lowering.Siblings;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.WorkerPool;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A compiled graph of independent images: every thread has a plan for a slice of them, and takes
 * one slice after the other through it. See {@link ImageSlices}.
 */
final class SlicedPlan implements Plan {
  private final Graph graph;
  private final ImageSlices slices;
  private final WorkerPool pool;
  private final int images;
  private final List<VectorPlan> plans = new ArrayList<>();

  /** Whose plan is whose: a thread's memory stays in its cache from slice to slice. */
  private final Scratch[] owners;

  private final List<Value.Input> partInputs;
  private final Map<Value.Input, Operand> inputs = new LinkedHashMap<>();
  private final List<Operand> inputOperands;
  private final List<String> outputNames;
  private final Map<String, Operand> outputs = new LinkedHashMap<>();
  private final List<Operand> outputOperands;
  private final TileBody slice = this::slice;
  private final Stores<VectorStore> stores;
  private long bytes;
  private boolean closed;

  SlicedPlan(Graph graph, ImageSlices slices, Stores<VectorStore> stores, WorkerPool pool) {
    this.graph = graph;
    this.slices = slices;
    this.stores = stores;
    this.pool = pool;
    images = graph.inputs().getFirst().type().shape().dim(0);
    Siblings siblings = Siblings.of(images);
    for (int i = 0; i < pool.threads(); i++) {
      plans.add(new VectorPlan(slices.graph(), stores, new WorkerPool(1), siblings));
    }
    owners = new Scratch[plans.size()];
    partInputs = List.copyOf(slices.graph().inputs());
    for (Value.Input input : graph.inputs()) {
      inputs.put(input, Operand.owned(input.type(), Layout.CANONICAL));
    }
    graph
        .outputs()
        .forEach((name, v) -> outputs.put(name, Operand.owned(v.type(), Layout.CANONICAL)));
    inputOperands = List.copyOf(inputs.values());
    outputNames = List.copyOf(outputs.keySet());
    outputOperands = List.copyOf(outputs.values());
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void run() {
    requireOpen();
    pool.run(slices.count(), slice);
  }

  private void slice(int number, Scratch scratch) {
    VectorPlan plan = planOf(scratch);
    int first = Math.min(number * slices.images(), images - slices.images());
    for (int i = 0; i < partInputs.size(); i++) {
      Operand whole = inputOperands.get(i);
      plan.load(partInputs.get(i), whole, first * (whole.shape().size() / images));
    }
    plan.run();
    for (int i = 0; i < outputNames.size(); i++) {
      Operand whole = outputOperands.get(i);
      plan.store(outputNames.get(i), whole, first * (whole.shape().size() / images));
    }
  }

  /** The plan of the thread that has this memory. */
  private VectorPlan planOf(Scratch scratch) {
    synchronized (owners) {
      int i = 0;
      while (owners[i] != scratch) {
        if (owners[i] == null) {
          owners[i] = scratch;
        } else {
          i++;
        }
      }
      return plans.get(i);
    }
  }

  @Override
  public void write(Value.Input input, float[] values) {
    System.arraycopy(values, 0, input(input, DType.F32, values.length).floats, 0, values.length);
  }

  @Override
  public void write(Value.Input input, double[] values) {
    System.arraycopy(values, 0, input(input, DType.F64, values.length).doubles, 0, values.length);
  }

  @Override
  public void write(Value.Input input, int[] values) {
    System.arraycopy(values, 0, input(input, DType.I32, values.length).ints, 0, values.length);
  }

  @Override
  public void write(Value.Input input, byte[] values) {
    System.arraycopy(values, 0, input(input, DType.U8, values.length).bytes, 0, values.length);
  }

  private Operand input(Value.Input input, DType dtype, int length) {
    requireOpen();
    return VectorPlan.checked(graph, inputs, input, dtype, length);
  }

  @Override
  public void read(String output, float[] destination) {
    Operand whole = output(output, DType.F32, destination.length);
    System.arraycopy(whole.floats, 0, destination, 0, destination.length);
  }

  @Override
  public void read(String output, double[] destination) {
    output(output, DType.F64, destination.length);
  }

  @Override
  public void read(String output, int[] destination) {
    output(output, DType.I32, destination.length);
  }

  @Override
  public void read(String output, byte[] destination) {
    output(output, DType.U8, destination.length);
  }

  /** All results are floats, see {@link ImageSlices}: what asks for anything else throws. */
  private Operand output(String output, DType dtype, int length) {
    VectorPlan.checkOutput(graph, output, dtype, length);
    requireOpen();
    return Objects.requireNonNull(outputs.get(output));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the plan is closed");
    }
  }

  /**
   * What one thread alone would take, in slices as most machines have them, so that figures of
   * machines compare. Others bring memory of their own, as scratch is; longer slices, where
   * registers are few, take more activations than is told here.
   */
  @Override
  public long bytes() {
    if (bytes == 0) {
      try (WorkerPool one = new WorkerPool(1);
          VectorPlan plan = new VectorPlan(slices.ofOne(), stores, one, Siblings.of(images))) {
        bytes = plan.bytes();
      }
      if (slices.ofOne().inputs().getFirst().type().shape().dim(0) < images) {
        bytes +=
            inputOperands.stream().mapToLong(Operand::byteSize).sum()
                + outputOperands.stream().mapToLong(Operand::byteSize).sum();
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    closed = true;
    plans.forEach(VectorPlan::close);
  }
}
