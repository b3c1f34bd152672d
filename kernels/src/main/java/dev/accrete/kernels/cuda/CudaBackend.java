package dev.accrete.kernels.cuda;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Precision;
import dev.accrete.core.Store;
import dev.accrete.core.Stores;
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
  private final Precision precision;
  private final Device device;

  private CudaBackend(String name, String detail, Precision precision, Device device) {
    this.name = name;
    this.detail = detail;
    this.precision = precision;
    this.device = device;
  }

  /**
   * Opens the device that was asked for and found.
   *
   * @param detail what the probe says of it
   */
  static CudaBackend open(CudaRequest request, Precision precision, String detail) {
    if (!request.emulated()) {
      Device device = Device.open(request.ordinal(), Optional.empty());
      return new CudaBackend(CudaProvider.NAME, detail, precision, device);
    }
    Path folder = request.emulator().orElseThrow();
    EmulatedDriver.load(folder);
    Device device = Device.open(request.ordinal(), Optional.of(folder));
    return new CudaBackend(CudaProvider.EMULATED_NAME, detail, precision, device);
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
    return name + ": " + detail + (precision == Precision.FP32 ? "" : ", " + precision.label());
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
  public Plan compile(Graph graph, Store... stores) {
    Stores<CudaStore> own =
        new Stores<>(
            "this cuda backend", CudaStore.class, store -> store.device() == device, stores);
    return new CudaPlan(graph, own, device, precision);
  }

  @Override
  public void close() {
    device.close();
  }
}
