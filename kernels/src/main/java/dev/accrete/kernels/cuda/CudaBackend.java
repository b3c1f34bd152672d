package dev.accrete.kernels.cuda;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One GPU, or the emulated one. */
final class CudaBackend implements Backend {
  private final String name;
  private final String detail;
  private final Device device;

  private CudaBackend(String name, String detail, Device device) {
    this.name = name;
    this.detail = detail;
    this.device = device;
  }

  /**
   * Opens the device that was asked for and found.
   *
   * @param detail what the probe says of it
   */
  static CudaBackend open(CudaRequest request, String detail) {
    if (!request.emulated()) {
      Device device = Device.open(request.ordinal(), Optional.empty());
      return new CudaBackend(CudaProvider.NAME, detail, device);
    }
    Path folder = request.emulator().orElseThrow();
    EmulatedDriver.load(folder);
    Device device = Device.open(request.ordinal(), Optional.of(folder));
    return new CudaBackend(CudaProvider.EMULATED_NAME, detail, device);
  }

  Device device() {
    return device;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return name + ": " + detail;
  }

  @Override
  public boolean supports(Op op, List<TensorType> inputs) {
    return true;
  }

  @Override
  public Store allocate(Collection<Variable> variables) {
    return new CudaStore(device, variables);
  }

  @Override
  public Plan compile(Graph graph, Store store) {
    if (store instanceof CudaStore own && own.device() == device) {
      return new CudaPlan(graph, own);
    }
    throw new IllegalArgumentException(
        "the store is not of this cuda backend: " + store.getClass().getName());
  }

  @Override
  public void close() {
    device.close();
  }
}
