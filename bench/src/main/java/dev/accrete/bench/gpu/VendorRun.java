package dev.accrete.bench.gpu;

import dev.accrete.bench.gpu.vendor.DeviceFloats;
import dev.accrete.bench.gpu.vendor.Layout;
import dev.accrete.bench.gpu.vendor.Owned;
import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.bench.gpu.vendor.VendorCall;
import dev.accrete.core.Shape;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import java.util.ArrayList;
import java.util.List;

/** A vendor's call on several copies of the same operands, each with results of its own. */
final class VendorRun implements AutoCloseable {
  private final OpSpec.Case spec;
  private final Layout layout;
  private final Owned owned = new Owned();
  private final List<List<DeviceFloats>> operands = new ArrayList<>();
  private final List<List<DeviceFloats>> results = new ArrayList<>();
  private final VendorCall call;

  /**
   * @param values of the operands, in canonical order
   * @throws dev.accrete.core.AccreteException if the library is not there or refuses
   */
  VendorRun(
      GpuBench bench,
      Vendor vendor,
      OpSpec.Case spec,
      Layout layout,
      List<HostTensor> values,
      int copies) {
    this.spec = spec;
    this.layout = layout;
    boolean emulated = bench.backend().description().contains("emulated");
    call =
        owned.add(vendor.open(spec, bench.precision(), layout, bench.timer().stream(), emulated));
    try {
      List<float[]> arranged =
          values.stream().map(v -> layout.arrange(v.type().shape(), v.floats())).toList();
      for (int copy = 0; copy < copies; copy++) {
        operands.add(arranged.stream().map(v -> owned.add(DeviceFloats.of(v))).toList());
        results.add(
            spec.resultTypes().stream()
                .map(t -> owned.add(new DeviceFloats(t.shape().size())))
                .toList());
      }
      enqueue();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Gives the device every copy once. */
  void enqueue() {
    for (int copy = 0; copy < operands.size(); copy++) {
      call.enqueue(operands.get(copy), results.get(copy));
    }
  }

  /** What the call gave for a copy, in canonical order. */
  List<float[]> results(int copy) {
    List<float[]> values = new ArrayList<>();
    for (int i = 0; i < call.results(); i++) {
      Shape shape = spec.resultTypes().get(i).shape();
      values.add(layout.restore(shape, results.get(copy).get(i).read()));
    }
    return values;
  }

  /** What is called, and on what. */
  String description() {
    return call.description() + (layout == Layout.CHANNELS_LAST ? ", channels last" : "");
  }

  @Override
  public void close() {
    owned.close();
  }
}
