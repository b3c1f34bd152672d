package dev.accrete.bench.gpu;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.CholeskyFactor;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.StoredLatents;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.SynapticImportance.Range;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.core.op.UnpackSelected;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What touches all weights, the head, or latents. */
final class StateCases {
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final float MOMENTUM = 0.9f;
  private static final float IMPORTANCE_MAX = 1e-3f;

  /** One in so many weights has importance where it is sparse. */
  private static final int SPARSITY = 10;

  /** The latents of one experience of NICv2-391, and of the memory beside them. */
  private static final int FRESH = 304;

  private static final int MEMORY = 1500;

  /** So many of either where a rehearsal must be quick, and where plain loops compute it. */
  private static final int FEW = 12;

  /** Numbers that describe an image: means and deviations of ten layers of MobileNetV1 0.5. */
  private static final int NUMBERS = 2144;

  private static final int FEW_NUMBERS = 150;

  /** Images per inference step. */
  private static final int IMAGES = 64;

  private StateCases() {}

  /** All cases for a network and mini-batches of some rows. */
  static List<GpuCases.Case> of(Network network, int miniBatch, boolean quick) {
    int weights = network.parameters().size();
    List<GpuCases.Case> cases = new ArrayList<>();
    for (Penalty penalty : Penalty.values()) {
      cases.add(update(dense(penalty, weights), penalty, scalar(), flat(weights)));
    }
    for (Penalty penalty : List.of(Penalty.GRADIENT_SCALE, Penalty.QUADRATIC)) {
      cases.add(sparse(penalty, weights));
    }
    cases.addAll(selection(weights));
    Shape head = network.head().shape();
    Shape counts = Shape.of(head.dim(0));
    cases.add(
        op(new ConsolidateHead(ConsolidateHead.Rule.CWR_STAR), f32(head, counts, head, counts)));
    cases.add(op(new LoadHead(), f32(head, counts)));
    cases.addAll(discriminant(quick, head.dim(0)));
    cases.addAll(latents(network.cutAfter(StepKind.LATENT_LAYER).latent(), miniBatch, quick));
    return cases;
  }

  private static SgdSynaptic dense(Penalty penalty, int weights) {
    return new SgdSynaptic(
        List.of(new SgdSynaptic.Segment(0, weights, 1, WEIGHT_DECAY, true)),
        MOMENTUM,
        false,
        penalty,
        IMPORTANCE_MAX,
        1,
        SgdSynaptic.Trajectory.TASK_GRADIENT);
  }

  private static GpuCases.Case sparse(Penalty penalty, int weights) {
    TensorType flat = flat(weights);
    TensorType bits = TensorType.i32(Selection.words(weights));
    TensorType before = TensorType.i32(Selection.blocks(weights));
    TensorType packed = TensorType.f32(weights / SPARSITY);
    return update(
        new SparseSgdSynaptic(dense(penalty, weights)),
        penalty,
        scalar(),
        flat,
        flat,
        flat,
        flat,
        bits,
        before,
        packed);
  }

  private static GpuCases.Case update(Op op, Penalty penalty, TensorType... operands) {
    OpSpec.Case spec = at(op, List.of(operands));
    return GpuCases.op(
        OpNames.name(spec) + ":" + penalty.name().toLowerCase(Locale.ROOT), spec, spec);
  }

  /** The choice of the weights that keep their importance, and moving theirs. */
  private static List<GpuCases.Case> selection(int weights) {
    int chosen = weights / SPARSITY;
    SelectParameters.Group all = new SelectParameters.Group(List.of(new Range(0, weights)), chosen);
    TensorType bits = TensorType.i32(Selection.words(weights));
    TensorType before = TensorType.i32(Selection.blocks(weights));
    return List.of(
        op(
            new SelectParameters(List.of(all), SelectParameters.Best.SMALLEST),
            List.of(flat(weights))),
        op(new PackSelected(chosen), List.of(flat(weights), bits, before)),
        op(new UnpackSelected(weights), List.of(flat(chosen), bits, before)));
  }

  /** A mini-batch of descriptions of images, and what a linear discriminant of them takes. */
  private static List<GpuCases.Case> discriminant(boolean quick, int classes) {
    List<GpuCases.Case> cases = new ArrayList<>();
    int side = quick ? FEW_NUMBERS : NUMBERS;
    for (boolean transposed : new boolean[] {true, false}) {
      Op solve = new TriangularSolve(transposed);
      cases.add(
          few(
              solve,
              List.of(triangle(side), TensorType.f64(classes, side)),
              List.of(triangle(FEW_NUMBERS), TensorType.f64(FEW, FEW_NUMBERS))));
    }
    cases.add(few(new CholeskyFactor(), List.of(triangle(side)), List.of(triangle(FEW_NUMBERS))));
    cases.add(
        few(
            new SymmetricUpdate(false),
            List.of(TensorType.f32(IMAGES, side), triangle(side)),
            List.of(TensorType.f32(IMAGES, FEW_NUMBERS), triangle(FEW_NUMBERS))));
    return cases;
  }

  private static TensorType triangle(int side) {
    return TensorType.f64(new Triangle(side).length());
  }

  private static GpuCases.Case few(Op op, List<TensorType> operands, List<TensorType> sibling) {
    OpSpec.Case spec = at(op, operands);
    return GpuCases.op(OpNames.name(spec), spec, at(op, sibling));
  }

  /** A mini-batch from both banks, and what an experience leaves in the memory. */
  private static List<GpuCases.Case> latents(Shape latent, int miniBatch, boolean quick) {
    int fresh = quick ? FEW : FRESH;
    int memory = quick ? FEW : MEMORY;
    List<GpuCases.Case> cases = new ArrayList<>();
    for (DType kind : List.of(DType.F32, DType.U8)) {
      OpSpec.Case gather = gather(latent, miniBatch, fresh, kind, memory);
      OpSpec.Case fewGathered = gather(latent, FEW, FEW, kind, FEW);
      String suffix = ":" + kind.name().toLowerCase(Locale.ROOT);
      cases.add(GpuCases.op(OpNames.name(gather) + suffix, gather, fewGathered));
      OpSpec.Case scatter = scatter(latent, miniBatch, kind, memory);
      cases.add(
          GpuCases.op(OpNames.name(scatter) + suffix, scatter, scatter(latent, FEW, kind, FEW)));
    }
    return cases;
  }

  private static OpSpec.Case gather(Shape latent, int rows, int fresh, DType kind, int memory) {
    List<TensorType> operands = new ArrayList<>(List.of(TensorType.i32(rows)));
    operands.addAll(bank(latent, DType.F32, fresh));
    operands.addAll(bank(latent, kind, memory));
    return at(new GatherLatents(), operands);
  }

  private static OpSpec.Case scatter(Shape latent, int rows, DType kind, int memory) {
    List<TensorType> operands = new ArrayList<>(bank(latent, DType.F32, rows));
    operands.add(TensorType.i32(rows));
    operands.addAll(bank(latent, kind, memory));
    return at(new ScatterLatents(), operands);
  }

  private static List<TensorType> bank(Shape latent, DType kind, int cells) {
    int[] shape = new int[latent.rank() + 1];
    shape[0] = cells;
    System.arraycopy(latent.toArray(), 0, shape, 1, latent.rank());
    TensorType values = new TensorType(kind, Shape.of(shape));
    return kind == DType.F32
        ? List.of(values)
        : List.of(values, TensorType.f32(cells, 2 * StoredLatents.channels(latent)));
  }

  private static GpuCases.Case op(Op op, List<TensorType> operands) {
    OpSpec.Case spec = at(op, operands);
    return GpuCases.op(OpNames.name(spec), spec, spec);
  }

  private static OpSpec.Case at(Op op, List<TensorType> types) {
    return OpSpecs.at(op, types)
        .orElseThrow(() -> new IllegalStateException(op.name() + " has no spec of shapes"));
  }

  private static TensorType scalar() {
    return TensorType.f32(Shape.SCALAR);
  }

  private static TensorType flat(int size) {
    return TensorType.f32(size);
  }

  private static List<TensorType> f32(Shape... shapes) {
    return Arrays.stream(shapes).map(TensorType::f32).toList();
  }
}
