package dev.accrete.kernels.cuda;

import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Stores;
import dev.accrete.core.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** A compiled graph: a captured program over an arena on the device. Runs do not wait for it. */
final class CudaPlan implements Plan {
  private final Graph graph;
  private final Stores<CudaStore> stores;
  private final Device device;
  private final InputBlock inputs;
  private final Program program;
  private final int[] ends;
  private final Map<Value, Values.HostCopy> outputs = new HashMap<>();
  private final DeviceMemory arena;
  private final Uploads uploads;
  private final CapturedProgram captured;
  private final Owned owned = new Owned();
  private boolean closed;

  CudaPlan(Graph graph, Stores<CudaStore> stores, Device device, Products products) {
    this.graph = graph;
    this.stores = stores;
    this.device = device;
    program = new Program(device);
    inputs = new InputBlock(graph, program);
    Values values = new Values(program, stores, inputs);
    ends = new Lowering(graph, program, values, products).lower();
    for (Value value : graph.outputs().values()) {
      if (!outputs.containsKey(value)) {
        outputs.put(value, values.hostCopy(value));
      }
    }
    try {
      arena = owned.add(program.place());
      uploads = owned.add(new Uploads(device, inputs));
      captured = owned.add(CapturedProgram.of(device, program::enqueue));
    } catch (RuntimeException e) {
      // What there was memory for must not stay behind when the rest did not fit.
      owned.close();
      throw e;
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void write(Value.Input input, float[] values) {
    check(input, DType.F32, values.length);
    uploads.write(input, buffer -> buffer.asFloatBuffer().put(values));
  }

  @Override
  public void write(Value.Input input, double[] values) {
    check(input, DType.F64, values.length);
    uploads.write(input, buffer -> buffer.asDoubleBuffer().put(values));
  }

  @Override
  public void write(Value.Input input, int[] values) {
    check(input, DType.I32, values.length);
    uploads.write(input, buffer -> buffer.asIntBuffer().put(values));
  }

  @Override
  public void write(Value.Input input, byte[] values) {
    check(input, DType.U8, values.length);
    uploads.write(input, buffer -> buffer.put(values));
  }

  private void check(Value.Input input, DType dtype, int length) {
    requireOpen();
    inputs.slot(input);
    if (input.type().dtype() != dtype || input.type().shape().size() != length) {
      throw new IllegalArgumentException(
          "input " + input.name() + " is " + input.type() + ", got " + length + " x " + dtype);
    }
  }

  private void requireOpen() {
    if (closed || stores.all().stream().anyMatch(CudaStore::closed)) {
      throw new IllegalStateException((closed ? "the plan" : "a store of the plan") + " is closed");
    }
  }

  @Override
  public void run() {
    requireOpen();
    device.enter();
    uploads.flush();
    captured.launch(device.compute());
  }

  Device device() {
    return device;
  }

  /**
   * A run of some nodes alone, the earlier ones as the last run left them: for measurements.
   *
   * @param from the first node
   * @param to the one after the last
   */
  CapturedProgram capture(int from, int to) {
    requireOpen();
    Objects.checkFromToIndex(from, to, ends.length);
    int first = from == 0 ? 0 : ends[from - 1];
    int end = to == 0 ? 0 : ends[to - 1];
    return CapturedProgram.of(device, stream -> program.enqueue(first, end, stream));
  }

  /** The names of the kernels that a run launches, in order. */
  List<String> kernels() {
    return program.kernels();
  }

  /** How many things the device is asked to do for these nodes. */
  int steps(int from, int to) {
    return (to == 0 ? 0 : ends[to - 1]) - (from == 0 ? 0 : ends[from - 1]);
  }

  @Override
  public void read(String output, float[] destination) {
    read(output, DType.F32, destination.length, Pointer.to(destination));
  }

  @Override
  public void read(String output, double[] destination) {
    read(output, DType.F64, destination.length, Pointer.to(destination));
  }

  @Override
  public void read(String output, int[] destination) {
    read(output, DType.I32, destination.length, Pointer.to(destination));
  }

  @Override
  public void read(String output, byte[] destination) {
    read(output, DType.U8, destination.length, Pointer.to(destination));
  }

  private void read(String output, DType dtype, int length, Pointer destination) {
    requireOpen();
    Value value = graph.outputs().get(output);
    if (value == null) {
      throw new IllegalArgumentException(
          "the graph has no output " + output + "; it has " + graph.outputs().keySet());
    }
    Values.HostCopy copy = outputs.get(value);
    if (copy == null || value.type().dtype() != dtype || value.type().shape().size() != length) {
      throw new IllegalArgumentException(
          "output " + output + " is " + value.type() + ", asked for " + length + " x " + dtype);
    }
    device.enter();
    uploads.flush();
    copy.steps().forEach(step -> step.enqueue(device.compute()));
    device.await();
    Cuda.check(
        JCudaDriver.cuMemcpyDtoH(destination, copy.buffer().pointer(), value.type().bytes()),
        "return output " + output);
  }

  @Override
  public long bytes() {
    return arena.bytes() + uploads.bytes();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    device.await();
    owned.close();
    outputs.clear();
  }
}
