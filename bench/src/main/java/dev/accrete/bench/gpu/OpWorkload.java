package dev.accrete.bench.gpu;

import dev.accrete.core.AccreteException;
import dev.accrete.core.DType;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.kernels.cuda.DeviceTimer;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One op, over and over on other memory, so that the cache never holds its operands. */
final class OpWorkload implements Workload {
  private static final int MOST_COPIES = 64;
  private static final int LARGEST_GENERATED = 1 << 20;
  private static final long SEED = 1;

  private final GpuBench bench;
  private final OpSpec.Case spec;
  private final OpSpec.Case sibling;
  private final int copies;
  private final Store store;
  private final Plan plan;
  private final DeviceTimer.Section section;

  /**
   * @param spec what is timed
   * @param sibling the same op on few rows, which the reference computes in time
   */
  OpWorkload(GpuBench bench, OpSpec.Case spec, OpSpec.Case sibling) {
    this.bench = bench;
    this.spec = spec;
    this.sibling = sibling;
    copies = copies(bench.timer().facts().l2Bytes(), bytes());
    RepeatedOp repeated = new RepeatedOp(spec, copies);
    store = bench.backend().allocate(repeated.graph().variables());
    plan = bench.backend().compile(repeated.graph(), store);
    List<HostTensor> operands = operands();
    repeated.inputs().forEach((i, input) -> operands.get(i).write(plan, input));
    repeated.variables().forEach((v, i) -> operands.get(i).write(store, v));
    plan.run();
    section = bench.timer().section(plan, repeated.firstTimed(), repeated.graph().nodes().size());
  }

  /** As many as fill the cache twice; two at least, so that they can be compared. */
  private static int copies(long cache, long bytes) {
    return Math.clamp(Math.ceilDiv(2 * cache, bytes), 2, MOST_COPIES);
  }

  /** Large operands repeat a million elements: drawing more takes longer than timing. */
  private List<HostTensor> operands() {
    List<HostTensor> operands = new ArrayList<>();
    for (int i = 0; i < spec.operands().size(); i++) {
      TensorType type = spec.operands().get(i).type();
      Rng rng = Rng.of(SEED, i);
      if (type.dtype() == DType.F32 && type.shape().size() > LARGEST_GENERATED) {
        float[] drawn =
            spec.operands()
                .get(i)
                .generator()
                .generate(rng, TensorType.f32(LARGEST_GENERATED))
                .floats();
        float[] all = new float[type.shape().size()];
        for (int at = 0; at < all.length; at += drawn.length) {
          System.arraycopy(drawn, 0, all, at, Math.min(drawn.length, all.length - at));
        }
        operands.add(HostTensor.of(type, all));
      } else {
        operands.add(spec.operands().get(i).generator().generate(rng, type));
      }
    }
    return operands;
  }

  @Override
  public String check() {
    List<SpecProgram.Form> forms =
        new SpecRunner(bench.reference(), bench.backend()).check(sibling);
    for (int i = 0; i < spec.resultTypes().size(); i++) {
      float[] first = finite(0, i);
      if (!Arrays.equals(first, finite(copies - 1, i))) {
        throw new AccreteException(spec + ": result " + i + " differs between equal operands");
      }
    }
    String shapes =
        sibling.inputTypes().equals(spec.inputTypes())
            ? "at this shape"
            : "on few rows: " + OpNames.shapes(sibling);
    return "compared with reference "
        + shapes
        + ", in "
        + forms.size()
        + " forms; at this shape finite, and the same bits from the first and the last copy";
  }

  private float[] finite(int copy, int result) {
    float[] values = plan.read(RepeatedOp.output(copy, result));
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new AccreteException(spec + ": result " + result + " holds " + value);
      }
    }
    return values;
  }

  @Override
  public void launch() {
    section.launch();
  }

  /** State that is updated again and again must stay finite. */
  @Override
  public void finish() {
    plan.run();
    for (int i = 0; i < spec.resultTypes().size(); i++) {
      finite(0, i);
    }
  }

  @Override
  public int repetitions() {
    return copies;
  }

  @Override
  public long bytes() {
    return spec.inputTypes().stream().mapToLong(TensorType::bytes).sum()
        + spec.resultTypes().stream().mapToLong(TensorType::bytes).sum();
  }

  @Override
  public long operations() {
    return 2 * spec.op().macs(spec.inputTypes());
  }

  @Override
  public void close() {
    section.close();
    plan.close();
    store.close();
  }
}
