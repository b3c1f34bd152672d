package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
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
  /** The compute capability, times ten, that Hopper's kernels are made for: no later one has it. */
  private static final int HOPPER = 90;

  private final String name;
  private final String detail;
  private final Products products;
  private final Device device;
  private final boolean owner;

  private CudaBackend(String name, String detail, Products products, Device device, boolean owner) {
    this.name = name;
    this.detail = detail;
    this.products = products;
    this.device = device;
    this.owner = owner;
  }

  /**
   * Opens the device that was asked for and found.
   *
   * @param detail what the probe says of it
   * @throws AccreteException if the device lacks what was chosen, or fails in its check
   */
  static CudaBackend open(
      CudaRequest request, Precision precision, CoreChoice choice, String detail) {
    CudaBackend opened = open(request, detail);
    try {
      return opened.choosing(precision, choice, true);
    } catch (RuntimeException e) {
      try {
        opened.close();
      } catch (AccreteException closing) {
        // A kernel that failed leaves a device that cannot even be closed.
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private static CudaBackend open(CudaRequest request, String detail) {
    Products products = Products.portable(Precision.FP32);
    if (!request.emulated()) {
      Device device = Device.open(request.ordinal(), Optional.empty());
      return new CudaBackend(CudaProvider.NAME, detail, products, device, true);
    }
    Path folder = request.emulator().orElseThrow();
    EmulatedDriver.load(folder);
    Device device = Device.open(request.ordinal(), Optional.of(folder));
    return new CudaBackend(CudaProvider.EMULATED_NAME, detail, products, device, true);
  }

  /**
   * A backend on the same device that multiplies otherwise; closing it closes nothing.
   *
   * @throws AccreteException if the device lacks what was chosen
   */
  CudaBackend choosing(Precision precision, CoreChoice choice) {
    return choosing(precision, choice, false);
  }

  private CudaBackend choosing(Precision precision, CoreChoice choice, boolean owning) {
    if (choice == CoreChoice.PORTABLE || precision == Precision.FP32) {
      return with(new Products(precision, false), "", owning);
    }
    if (device.capability() != HOPPER) {
      String why = "wgmma needs compute capability 9.0, this has " + device.capability() / 10.0;
      if (choice == CoreChoice.HOPPER) {
        throw new AccreteException(
            CoreChoice.VARIABLE + "=hopper cannot be: " + why + "; leave it out");
      }
      return with(new Products(precision, false), "; " + why, owning);
    }
    CudaBackend hopper = with(new Products(precision, true), "", owning);
    return choice == CoreChoice.HOPPER ? hopper : hopper.checked();
  }

  /** This, or the portable kernels if those disagree. */
  private CudaBackend checked() {
    CudaBackend portable = with(Products.portable(products.precision()), "", owner);
    Optional<String> difference;
    try {
      difference = CoreCheck.difference(portable, this);
    } catch (AccreteException e) {
      throw new AccreteException(
          "Hopper's kernels failed in their check on this device; set "
              + CoreChoice.VARIABLE
              + "=portable",
          e);
    }
    return difference
        .map(what -> with(portable.products, "; not by wgmma, which is off: " + what, owner))
        .orElse(this);
  }

  private CudaBackend with(Products other, String note, boolean owning) {
    return new CudaBackend(name, detail + other.label() + note, other, device, owning);
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
  public Plan compile(Graph graph, Store... stores) {
    Stores<CudaStore> own =
        new Stores<>(
            "this cuda backend", CudaStore.class, store -> store.device() == device, stores);
    return new CudaPlan(graph, own, device, products);
  }

  @Override
  public void close() {
    if (owner) {
      device.close();
    }
  }
}
