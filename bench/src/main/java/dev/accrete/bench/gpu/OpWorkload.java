package dev.accrete.bench.gpu;

import dev.accrete.core.AccreteException;
import dev.accrete.core.DType;
import dev.accrete.core.Plan;
import dev.accrete.core.Precision;
import dev.accrete.core.Rng;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.StoredLatents;
import dev.accrete.kernels.cuda.DeviceTimer;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.SpecRunner;
import java.util.ArrayList;
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
    copies = copies(bench.timer().facts().l2Bytes(), bytes(spec));
    RepeatedOp repeated = new RepeatedOp(spec, copies);
    store = bench.backend().allocate(repeated.graph().variables());
    plan = bench.backend().compile(repeated.graph(), store);
    List<HostTensor> operands = operands(spec);
    repeated.inputs().forEach((i, input) -> operands.get(i).write(plan, input));
    repeated.variables().forEach((v, i) -> operands.get(i).write(store, v));
    plan.run();
    section = bench.timer().section(plan, repeated.firstTimed(), repeated.graph().nodes().size());
  }

  /** As many as fill the cache twice; two at least, so that they can be compared. */
  static int copies(long cache, long bytes) {
    return Math.clamp(Math.ceilDiv(2 * cache, bytes), 2, MOST_COPIES);
  }

  /** Large operands repeat a million elements: drawing more takes longer than timing. */
  static List<HostTensor> operands(OpSpec.Case spec) {
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
    String forms = compared();
    for (int i = 0; i < spec.resultTypes().size(); i++) {
      if (!finite(0, i).sameBits(finite(copies - 1, i))) {
        throw new AccreteException(spec + ": result " + i + " differs between equal operands");
      }
    }
    String shapes =
        sibling.inputTypes().equals(spec.inputTypes())
            ? "at this shape"
            : "on few rows: " + OpNames.shapes(sibling);
    return "compared with reference "
        + shapes
        + ", "
        + forms
        + "; at this shape finite, and the same bits from the first and the last copy";
  }

  /** Compares the sibling, and says how. */
  private String compared() {
    if (bench.precision() == Precision.FP32) {
      int forms = new SpecRunner(bench.reference(), bench.backend()).check(sibling).size();
      return "in " + forms + " forms";
    }
    RoundedCheck.compare(sibling, bench.reference(), bench.backend(), bench.precision());
    return "factors rounded beforehand, by " + bench.backend().description();
  }

  /** A result, of which no number is infinite or NaN. */
  private HostTensor finite(int copy, int result) {
    TensorType type = spec.resultTypes().get(result);
    String output = RepeatedOp.output(copy, result);
    int size = type.shape().size();
    return switch (type.dtype()) {
      case I32 -> {
        int[] values = new int[size];
        plan.read(output, values);
        yield HostTensor.of(type, values);
      }
      case U8 -> {
        byte[] values = new byte[size];
        plan.read(output, values);
        yield HostTensor.of(type, values);
      }
      case F64 -> {
        double[] values = new double[size];
        plan.read(output, values);
        for (double value : values) {
          if (!Double.isFinite(value)) {
            throw new AccreteException(spec + ": result " + result + " holds " + value);
          }
        }
        yield HostTensor.of(type, values);
      }
      case F32 -> {
        float[] values = plan.read(output);
        for (float value : values) {
          if (!Float.isFinite(value)) {
            throw new AccreteException(spec + ": result " + result + " holds " + value);
          }
        }
        yield HostTensor.of(type, values);
      }
    };
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
    return bytes(spec);
  }

  /** All of every operand and result, but of banks of latents only the cells that are moved. */
  static long bytes(OpSpec.Case spec) {
    List<TensorType> in = spec.inputTypes();
    return switch (spec.op()) {
      case GatherLatents gather -> {
        List<StoredLatents> banks = StoredLatents.of(gather, in, 1);
        int cells = banks.stream().mapToInt(StoredLatents::cells).sum();
        long all = banks.stream().mapToLong(bank -> bytes(in, bank)).sum();
        long rows = in.getFirst().shape().size();
        yield all * rows / cells + in.getFirst().bytes() + spec.resultTypes().getFirst().bytes();
      }
      case ScatterLatents scatter -> {
        StoredLatents bank = scatter.bank(in);
        long rows = Math.min(in.getFirst().shape().dim(0), bank.cells());
        yield in.get(0).bytes() + in.get(1).bytes() + bytes(in, bank) * rows / bank.cells();
      }
      default ->
          in.stream().mapToLong(TensorType::bytes).sum()
              + spec.resultTypes().stream().mapToLong(TensorType::bytes).sum();
    };
  }

  private static long bytes(List<TensorType> operands, StoredLatents bank) {
    long values = operands.get(bank.operand()).bytes();
    return bank.coded() ? values + operands.get(bank.operand() + 1).bytes() : values;
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
