package dev.accrete.bench.gpu;

import static java.util.Comparator.comparing;

import dev.accrete.bench.gpu.vendor.Layout;
import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.core.AccreteException;
import dev.accrete.kernels.cuda.DeviceTimer;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One of our ops by a vendor's library, timed as ours are: on other memory each time, captured in a
 * graph. It is always compared with the reference before it is timed; of several layouts the faster
 * counts.
 */
final class VendorWorkload implements Workload {
  private static final int TRIALS = 3;

  private final OpSpec.Case spec;
  private final OpSpec.Case sibling;
  private final int copies;
  private final VendorRun run;
  private final DeviceTimer.Section section;

  /**
   * @param sibling the same op on few rows, which the reference computes in time
   * @throws AccreteException if the library is not there or refuses
   * @throws dev.accrete.kernels.spec.SpecFailure if it computes something else
   */
  VendorWorkload(GpuBench bench, Vendor vendor, OpSpec.Case spec, OpSpec.Case sibling) {
    this.spec = spec;
    this.sibling = sibling;
    copies = OpWorkload.copies(bench.timer().facts().l2Bytes(), OpWorkload.bytes(spec));
    List<AccreteException> refusals = new ArrayList<>();
    Map<VendorRun, Double> tried = new HashMap<>();
    try {
      List<HostTensor> operands = List.of();
      for (Layout layout : vendor.layouts()) {
        try {
          VendorCheck.compare(bench, vendor, sibling, layout);
          if (operands.isEmpty()) {
            operands = VendorCheck.plain(spec, OpWorkload.operands(spec));
          }
          VendorRun one = new VendorRun(bench, vendor, spec, layout, operands, copies);
          tried.put(one, Double.POSITIVE_INFINITY);
          tried.put(one, millis(bench.timer(), one));
        } catch (AccreteException e) {
          refusals.add(e);
        }
      }
      if (tried.isEmpty()) {
        throw refusals.getFirst();
      }
      VendorRun fastest = tried.keySet().stream().min(comparing(tried::get)).orElseThrow();
      section = bench.timer().capture(fastest::enqueue);
      tried.remove(fastest);
      run = fastest;
    } finally {
      tried.keySet().forEach(VendorRun::close);
    }
  }

  /** The shortest of a few times, after the first has loaded what it needs. */
  private static double millis(DeviceTimer timer, VendorRun run) {
    return IntStream.range(0, TRIALS).mapToDouble(i -> timer.millis(run::enqueue)).min().orElse(0);
  }

  @Override
  public String check() {
    finish();
    return run.description()
        + "; compared with reference on few rows: "
        + OpNames.shapes(sibling)
        + "; at this shape finite";
  }

  @Override
  public void launch() {
    section.launch();
  }

  @Override
  public void finish() {
    for (int copy : new int[] {0, copies - 1}) {
      for (float[] result : run.results(copy)) {
        for (float value : result) {
          if (!Float.isFinite(value)) {
            throw new AccreteException(spec + " by " + run.description() + ": holds " + value);
          }
        }
      }
    }
  }

  @Override
  public int repetitions() {
    return copies;
  }

  @Override
  public long bytes() {
    return OpWorkload.bytes(spec);
  }

  @Override
  public long operations() {
    return 2 * spec.op().macs(spec.inputTypes());
  }

  @Override
  public void close() {
    section.close();
    run.close();
  }
}
